package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.Way;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** B2 to B5 of the threat model, each seen to happen on a connection of the driver's first. B6 is among the poisons. */
class BindingThreatsIT {
    private static final String NOTES = "SELECT body FROM notes ORDER BY body";
    private static final String UPDATABLE = "SELECT tenant_id, id, body FROM notes";

    private HostDatabase database;
    private Connection raw;

    @BeforeEach
    void connect() throws SQLException {
        database = new HostDatabase();
        database.makeNew();
        database.asOwner("CREATE PROCEDURE two_notes() LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO notes (body) VALUES ('first'); COMMIT;"
                + " INSERT INTO notes (body) VALUES ('second'); END $$");
        raw = DriverManager.getConnection(database.appUrl());
    }

    @AfterEach
    void close() throws SQLException {
        raw.close();
        database.close();
    }

    private Host host(Way way, String properties, boolean autoCommit) {
        return Host.protectedBy(way.binding(), NotesDatabase.poolOfOne(database.appUrl() + properties, autoCommit));
    }

    private void setFor(String tenant, boolean forTransaction) throws SQLException {
        Rows.of(raw, "SELECT set_config('tenancy.tenant_id', ?, " + forTransaction + ")", tenant);
    }

    @Test
    void b2RollbackBringsTheFormerTenantBack() throws SQLException {
        raw.setAutoCommit(false);
        setFor("tenant-a", false);
        raw.commit();

        setFor("tenant-b", false);
        assertThat(Rows.of(raw, NOTES)).containsExactly("of B");
        raw.rollback();

        assertThat(Rows.of(raw, NOTES)).containsExactly("of A");
    }

    @ParameterizedTest
    @EnumSource
    void b2RollbackBringsNobodyBack(Way way) throws SQLException {
        try (Host host = host(way, "", false)) {
            host.as(A, connection -> Rows.of(connection, NOTES));
            host.as(B, connection -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(Rows.of(connection, NOTES)).containsExactly("of B");
                    connection.rollback();
                }
            });
        }
    }

    @Test
    void b3InSimpleModeStatementsOfOneTextAreNotTogether() throws SQLException {
        try (Connection simple = DriverManager.getConnection(database.appUrl() + "&preferQueryMode=simple")) {
            assertThat(NaiveFold.found(simple, "tenant-b", NOTES, (statement, before) -> {}))
                    .isEmpty();
        }
    }

    @Test
    void b3SimpleModeIsRefusedByNameOrBoundForTheSession() throws SQLException {
        try (Host host = host(Way.TRANSACTION, "&preferQueryMode=simple", true)) {
            assertThatThrownBy(() -> host.as(B, connection -> {}))
                    .isInstanceOf(SQLException.class)
                    .rootCause()
                    .hasMessageContaining("preferQueryMode=simple");
        }
        try (Host host = host(Way.SESSION, "&preferQueryMode=simple", true)) {
            host.as(B, connection -> assertThat(Rows.of(connection, NOTES)).containsExactly("of B"));
        }
    }

    @Test
    void b4WhatAProcedureDoesAfterItsCommitIsWhoeversTheSessionWas() throws SQLException {
        assumeTrue(raw.getMetaData().getDatabaseMajorVersion() < 18, "PostgreSQL 18 refuses it by itself");
        setFor("tenant-a", false);
        NaiveFold.found(raw, "tenant-b", "CALL two_notes()", (statement, before) -> {});

        assertThat(database.storedFor("tenant-b")).containsExactly("first", "of B");
        assertThat(database.storedFor("tenant-a")).containsExactly("of A", "second");
    }

    @Test
    void b4AProcedureThatCommitsIsRefusedByTheTransactionBinding() throws SQLException {
        try (Host host = host(Way.TRANSACTION, "&escapeSyntaxCallMode=call", true)) {
            host.as(B, connection -> {
                for (String call : new String[] {"CALL two_notes()", "{call two_notes()}"}) {
                    assertThatThrownBy(() -> call(connection, call))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    failure -> assertThat(failure.getSQLState()).isEqualTo("2D000"));
                }
            });
        }
        assertThat(database.storedFor("tenant-b")).containsExactly("of B");
        assertThat(database.storedFor("tenant-a")).containsExactly("of A");
    }

    @Test
    void b4AProcedureThatCommitsIsTheTenantsUnderTheSessionBinding() throws SQLException {
        try (Host host = host(Way.SESSION, "&escapeSyntaxCallMode=call", true)) {
            host.as(B, connection -> call(connection, "{call two_notes()}"));
        }

        assertThat(database.storedFor("tenant-b")).containsExactly("first", "of B", "second");
    }

    private static void call(Connection connection, String sql) throws SQLException {
        try (CallableStatement call = connection.prepareCall(sql)) {
            call.execute();
        }
    }

    @Test
    void b5ARowThatIsWrittenAfterItsTransactionIsNotAndNobodySaysSo() throws SQLException {
        Poison.execute(raw, "BEGIN");
        setFor("tenant-b", true);
        try (Statement statement = updatable(raw);
                ResultSet rows = statement.executeQuery(UPDATABLE)) {
            Poison.execute(raw, "COMMIT");
            rows.next();
            rows.updateString("body", "changed");
            rows.updateRow();
        }

        assertThat(database.storedFor("tenant-b")).containsExactly("of B");
    }

    @ParameterizedTest
    @EnumSource
    void b5ARowIsWrittenAsTheTenants(Way way) throws SQLException {
        try (Host host = host(way, "", true)) {
            host.as(B, connection -> {
                try (Statement statement = updatable(connection);
                        ResultSet rows = statement.executeQuery(UPDATABLE)) {
                    rows.next();
                    rows.updateString("body", "changed");
                    rows.updateRow();
                    rows.refreshRow();
                    assertThat(rows.getString("body")).isEqualTo("changed");
                    rows.moveToInsertRow();
                    rows.updateString("body", "inserted");
                    rows.insertRow();
                }
            });
        }

        assertThat(database.storedFor("tenant-b")).containsExactly("changed", "inserted");
    }

    private static Statement updatable(Connection connection) throws SQLException {
        return connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
    }
}
