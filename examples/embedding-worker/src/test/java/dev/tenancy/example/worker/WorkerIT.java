package dev.tenancy.example.worker;

import static dev.tenancy.example.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.example.contract.NotesDatabase;
import dev.tenancy.example.contract.ServerProcess;
import dev.tenancy.ticket.TenantTickets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What the contract of the servers promises, where nobody waits for an answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorkerIT {
    private static final int AT_LAST = Integer.MAX_VALUE;
    private static final String PURPOSE = "notes.write";
    private static final byte[] SECRET = "a secret of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);
    private static final TenantTickets TICKETS =
            TenantTickets.builder().signWith("2030-01", SECRET).build();

    private NotesDatabase database;
    private ServerProcess worker;

    @BeforeAll
    void startWorker(@TempDir Path directory) throws SQLException {
        database = NotesDatabase.create();
        database.roles()
                .asOwner(
                        Queue.TABLE,
                        "GRANT SELECT, INSERT, UPDATE ON messages TO "
                                + database.roles().app());
        Map<String, String> variables = database.variables(directory);
        variables.put("TENANCY_RESOLVERS", "ticket");
        variables.put("TENANCY_TICKET_KEYS", "2030-01=" + Base64.getEncoder().encodeToString(SECRET));
        variables.put("TENANCY_TICKET_PURPOSE", PURPOSE);
        worker = ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-worker").toString()), variables);
    }

    @AfterAll
    void killWorker() {
        worker.close();
    }

    @Test
    void aMessageIsDoneForTheTenantOfItsTicket() throws Exception {
        long ofAcme = send(ticket("acme"), "of acme");
        long ofGlobex = send(ticket("globex"), "of globex");

        until(() -> stateOf(ofAcme).equals("done") && stateOf(ofGlobex).equals("done"));
        assertThat(tenantsOf("of acme")).containsExactly("acme");
        assertThat(tenantsOf("of globex")).containsExactly("globex");
    }

    @Test
    void whatProvesNoTenantIsGivenUpAndLeavesNothing() throws Exception {
        Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
        TenantTickets former = TenantTickets.builder()
                .signWith("2030-01", SECRET)
                .clock(yesterday)
                .build();
        TenantIdentity acme = TenantIdentity.of(TenantId.of("acme"), "test");
        List<Long> refused = new ArrayList<>();
        refused.add(send(null, "refused"));
        refused.add(send("garbage", "refused"));
        refused.add(
                send(TICKETS.issue(acme, "invoices.render", Duration.ofHours(1)).value(), "refused"));
        refused.add(send(former.issue(acme, PURPOSE, Duration.ofHours(1)).value(), "refused"));
        refused.add(send(ticket("suspended"), "refused"));
        refused.add(send(ticket("not-in-the-catalog"), "refused"));

        for (long message : refused) {
            until(() -> stateOf(message).equals("given_up"));
        }
        assertThat(tenantsOf("refused")).isEmpty();
    }

    @Test
    void aTenantThatHasToWaitHoldsNobodyUp() throws Exception {
        for (int i = 0; i < 5; i++) {
            send(ticket("frugal"), "of a frugal tenant");
        }
        long ofAcme = send(ticket("acme"), "behind a frugal tenant");

        until(() -> stateOf(ofAcme).equals("done"));
        until(() -> tenantsOf("of a frugal tenant").size() == 3);
        assertThat(countOf("SELECT count(*) FROM messages WHERE state = 'waiting' AND text LIKE '%frugal%'"))
                .isEqualTo(2);
    }

    @Test
    @Order(AT_LAST - 1)
    void whatADatabaseThatIsDownKeptWaitingIsDoneWhenItIsBack() throws Exception {
        database.goDown();
        long message = send(ticket("acme"), "through an outage");
        database.comeBack();

        until(() -> stateOf(message).equals("done"));
        assertThat(tenantsOf("through an outage")).containsExactly("acme");
    }

    @Test
    @Order(AT_LAST)
    void askedToEndItFirstDoesWhatItTook() throws Exception {
        long message;
        try (Connection lock = database.lockNotes()) {
            message = send(ticket("acme"), "the last");
            until(() -> database.waiting() == 1);
            worker.terminate();
            lock.rollback();
        }

        assertThat(worker.ends()).as(worker.output()).isTrue();
        assertThat(stateOf(message)).isEqualTo("done");
        assertThat(tenantsOf("the last")).containsExactly("acme");
    }

    private static String ticket(String tenant) {
        return TICKETS.issue(TenantIdentity.of(TenantId.of(tenant), "test"), PURPOSE, Duration.ofHours(1))
                .value();
    }

    private long send(@Nullable String ticket, String text) throws SQLException {
        try (Connection connection = superuser();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO messages (ticket, text) VALUES (?, ?) RETURNING id")) {
            insert.setString(1, ticket);
            insert.setString(2, text);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private String stateOf(long message) throws SQLException {
        return column("SELECT state FROM messages WHERE id = " + message).get(0);
    }

    private List<String> tenantsOf(String text) throws SQLException {
        return column("SELECT tenant_id FROM notes WHERE text = '" + text + "'");
    }

    private long countOf(String sql) throws SQLException {
        return Long.parseLong(column(sql).get(0));
    }

    private List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = superuser();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection(database.roles().superuserUrl());
    }
}
