package dev.tenancy.frameworks;

import jakarta.persistence.Cacheable;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A project as Hibernate sees it: its tenant is the database's business. */
@Entity
@Cacheable
@Table(name = "projects")
class Project {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @Version
    int version;

    String name;

    @Nullable
    UUID reference;

    String @Nullable [] tags;

    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable
    Map<String, Integer> details;

    @Nullable
    OffsetDateTime due;

    @OneToMany(mappedBy = "project", cascade = CascadeType.ALL)
    List<Task> tasks = new ArrayList<>();

    /** For Hibernate. */
    Project() {
        this("");
    }

    Project(String name) {
        this.name = name;
    }

    void add(String title) {
        tasks.add(new Task(this, title));
    }

    List<String> titles() {
        return tasks.stream().map(task -> task.title).toList();
    }
}
