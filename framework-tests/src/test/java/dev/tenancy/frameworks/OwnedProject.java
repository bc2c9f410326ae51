package dev.tenancy.frameworks;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

/** A project as Hibernate sees it where a host has mapped the tenant too. */
@Entity
@Table(name = "projects")
class OwnedProject {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @TenantId
    @Column(name = "tenant_id")
    @Nullable
    String tenant;

    int version;

    String name;

    /** For Hibernate. */
    OwnedProject() {
        this("");
    }

    OwnedProject(String name) {
        this.name = name;
    }
}
