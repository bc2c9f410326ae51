package dev.tenancy.example.spring;

import static dev.tenancy.testing.TenantIsolation.assertTenantCannotSee;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.example.contract.NotesDatabase;
import dev.tenancy.example.notes.MalformedRequestException;
import dev.tenancy.example.notes.Note;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.testing.ConnectionLeakCheck;
import dev.tenancy.testing.AsTenant;
import dev.tenancy.testing.ScopeLeakCheck;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The service and the database, without a server: a slice, whose tests each say as which tenant they run. */
@JdbcTest
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@Transactional(propagation = Propagation.NOT_SUPPORTED) // Spring would begin a transaction before the test has a tenant
@Import({NoteService.class, NoteServiceIT.Database.class})
@ExtendWith(ScopeLeakCheck.class)
class NoteServiceIT {
    @RegisterExtension
    static final ConnectionLeakCheck LEAKS = new ConnectionLeakCheck();

    @Autowired
    private NoteService notes;

    @TestConfiguration
    static class Database {
        @Bean
        TenantDataSource dataSource() throws SQLException {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(NotesDatabase.create().roles().appUrl());
            return TenantDataSource.builder(pool).listener(LEAKS).build();
        }
    }

    @Test
    @AsTenant("acme")
    void aNoteIsFoundAgain() {
        Note note = notes.add(new Note.Draft("found again"));

        assertThat(notes.require(note.id())).isEqualTo(note);
        assertThat(notes.list()).contains(note);
    }

    @Test
    void ofOthersItIsNot() {
        Note note = TenantContext.call(
                TenantIdentity.of(TenantId.of("acme"), "test"), () -> notes.add(new Note.Draft("of acme")));

        assertTenantCannotSee("globex", "acme", () -> notes.require(note.id()));
        assertTenantCannotSee(
                "globex",
                "acme",
                () -> notes.list().stream().filter(note::equals).toList());
    }

    @Test
    @AsTenant("acme")
    void oneThatIsRefusedIsNotThere() {
        assertThatThrownBy(() -> notes.add(new Note.Draft(" "))).isInstanceOf(MalformedRequestException.class);
        assertThat(notes.list()).extracting(Note::text).doesNotContain(" ");
    }
}
