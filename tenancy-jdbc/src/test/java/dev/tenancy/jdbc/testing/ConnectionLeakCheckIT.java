package dev.tenancy.jdbc.testing;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test is blamed for, and what not. */
class ConnectionLeakCheckIT {
    private final ConnectionLeakCheck leaks = new ConnectionLeakCheck();
    private TenantDataSource source;

    @BeforeEach
    void makePool() throws SQLException {
        NotesDatabase notes = new NotesDatabase();
        source = TenantDataSource.builder(NotesDatabase.poolOf(notes.database().appUrl(), 3))
                .binding(TenantBinding.transaction())
                .listener(leaks)
                .build();
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void whoClosesConnectionsPassesHoweverItIsDone() throws Exception {
        TenantContext.run(A, () -> {
            Connection closed = source.getConnection();
            closed.close();
            closed.close();
            source.getConnection().abort(Runnable::run);
        });
        source.withoutTenant().getConnection().close();

        leaks.assertAllReturned();
    }

    @Test
    void whoKeepsOneFailsAndIsToldWhere() throws Exception {
        Connection kept = TenantContext.call(A, () -> source.getConnection());
        TenantContext.call(B, () -> source.getConnection()).close();

        Throwable failure = catchThrowable(leaks::assertAllReturned);
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tenant-a")
                .hasMessageNotContaining("tenant-b");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(ConnectionLeakCheckIT.class.getName()));
        kept.close();
        leaks.assertAllReturned();
    }

    @Test
    void anotherThreadMayReturnALittleLater() throws Exception {
        CompletableFuture<Connection> borrowed = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Thread thread = new Thread(() -> TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                borrowed.complete(connection);
                goOn.join();
            } catch (SQLException failure) {
                borrowed.completeExceptionally(failure);
            }
        }));
        thread.start();
        borrowed.join();
        goOn.complete(null);

        leaks.assertAllReturned();
        thread.join();
    }

    @Test
    void aRefusedBorrowIsNoLeak() throws Exception {
        assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);

        leaks.assertAllReturned();
    }
}
