package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The streams of a large object ask the server as they are read: for the borrower, and until the connection is closed.
 */
@ParameterizedClass
@EnumSource
class LargeObjectsIT {
    private final Way way;
    private HikariDataSource pool;
    private TenantDataSource source;

    LargeObjectsIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        NotesDatabase notes = new NotesDatabase();
        pool = notes.poolOfOne(false);
        source = NotesDatabase.withANoteOfEach(pool, way.binding());
    }

    @AfterEach
    void close() {
        source.close();
    }

    /** Something that is done with a large object that has the characters {@code of A}. */
    @FunctionalInterface
    private interface Work {
        void with(Connection connection, ResultSet row) throws Exception;
    }

    private void onLargeObject(Work work) throws Exception {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT lo_from_bytea(0, 'of A')")) {
                row.next();
                work.with(connection, row);
            }
        });
    }

    @Test
    void theBorrowerReadsAndWritesThem() throws Exception {
        onLargeObject((connection, row) -> {
            Blob blob = row.getBlob(1);
            try (OutputStream written = blob.setBinaryStream(4)) {
                written.write('B');
                written.write("!?".getBytes(UTF_8), 0, 1);
            }
            try (InputStream read = blob.getBinaryStream()) {
                assertThat(read.read()).isEqualTo('o');
                assertThat(read.skip(2)).isEqualTo(2);
                assertThat(read.readAllBytes()).asString(UTF_8).isEqualTo("B!");
            }
            try (Reader read = row.getClob(1).getCharacterStream()) {
                assertThat(read.skip(3)).isEqualTo(3);
                assertThat(read.read()).isEqualTo('B');
            }
        });
    }

    @Test
    void nobodyElseReadsOrWritesThem() throws Exception {
        onLargeObject((connection, row) -> {
            Blob blob = row.getBlob(1);
            Clob clob = row.getClob(1);
            InputStream read = blob.getBinaryStream();
            OutputStream written = blob.setBinaryStream(1);
            Reader characters = clob.getCharacterStream();

            TenantContext.run(B, () -> assertAllRefused("28000", read, written, characters));
            TenantContext.callAsSystem("a test", () -> {
                assertAllRefused("28000", read, written, characters);
                return "";
            });

            assertThat(read.readAllBytes()).asString(UTF_8).isEqualTo("of A");
        });
    }

    @Test
    void theyEndWithTheConnectionWhateverItsSessionDoesNext() throws Exception {
        InputStream[] read = new InputStream[1];
        OutputStream[] written = new OutputStream[1];
        Reader[] characters = new Reader[1];
        onLargeObject((connection, row) -> {
            read[0] = row.getBlob(1).getBinaryStream();
            written[0] = row.getBlob(1).setBinaryStream(1);
            characters[0] = row.getClob(1).getCharacterStream();
        });

        TenantContext.run(A, () -> {
            try (Connection next = source.getConnection()) {
                assertThat(NotesDatabase.visibleOn(next)).containsExactly("of A");
                assertAllRefused("08003", read[0], written[0], characters[0]);
                assertThatCode(read[0]::close).doesNotThrowAnyException();
                assertThatCode(characters[0]::close).doesNotThrowAnyException();
                assertThat(NotesDatabase.visibleOn(next)).as("its transaction").containsExactly("of A");
            }
        });
    }

    @Test
    void theyAreParametersOnlyUntilTheirConnectionIsClosed() throws Exception {
        Blob[] kept = new Blob[1];
        onLargeObject((connection, row) -> {
            kept[0] = row.getBlob(1);
            try (PreparedStatement select = connection.prepareStatement("SELECT lo_get(?)")) {
                select.setBlob(1, kept[0]);
                try (ResultSet same = select.executeQuery()) {
                    same.next();
                    assertThat(same.getBytes(1)).asString(UTF_8).isEqualTo("of A");
                }
            }
        });

        TenantContext.run(B, () -> {
            try (Connection next = source.getConnection();
                    PreparedStatement select = next.prepareStatement("SELECT lo_get(?)")) {
                assertThatThrownBy(() -> select.setBlob(1, kept[0]))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refusal -> assertThat(refusal.getSQLState()).isEqualTo("08003"));
            }
        });
    }

    private static void assertAllRefused(String state, InputStream read, OutputStream written, Reader characters) {
        assertRefused(state, read::read);
        assertRefused(state, () -> read.read(new byte[1]));
        assertRefused(state, () -> read.skip(1));
        assertRefused(state, read::available);
        assertRefused(state, read::reset);
        assertRefused(state, () -> written.write(1));
        assertRefused(state, () -> written.write(new byte[1]));
        assertRefused(state, written::flush);
        assertRefused(state, characters::read);
        assertRefused(state, () -> characters.read(new char[1]));
        assertRefused(state, () -> characters.skip(1));
        assertRefused(state, characters::ready);
        assertRefused(state, characters::reset);
    }

    private static void assertRefused(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IOException.class)
                .cause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        cause -> assertThat(cause.getSQLState()).isEqualTo(state));
    }
}
