package dev.tenancy.jdbc.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be converted is said before anything is changed. */
class ConversionRefusalsIT {
    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private Connection owner;

    @BeforeEach
    void createTables() throws SQLException {
        owner = database.ownerConnection();
        execute(
                "CREATE TABLE parents (id bigint PRIMARY KEY, a int, b int, UNIQUE (a, b))",
                "CREATE TABLE children (id bigint PRIMARY KEY, parent bigint REFERENCES parents, other bigint)",
                "CREATE TABLE lists (id bigint PRIMARY KEY)");
    }

    @AfterEach
    void close() throws SQLException {
        owner.close();
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private SchemaConversion.Builder builder() {
        return SchemaConversion.of("public").share("lists").grantTo(database.app());
    }

    private ConversionPlan plan() throws SQLException {
        return builder().existingRowsBelongTo("acme").build().plan(owner);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE heirs () INHERITS (parents)|table public.parents inherits, or is inherited from",
                "ALTER TABLE children ADD tenant_id varchar(10)|column tenant_id of table public.children is of type character varying(10); allowed: text",
                "ALTER TABLE lists ADD FOREIGN KEY (id) REFERENCES parents|foreign key lists_id_fkey of table public.lists is from a table that is shared",
                "ALTER TABLE children ADD FOREIGN KEY (other) REFERENCES parents ON UPDATE SET NULL|foreign key children_other_fkey of table public.children is ON UPDATE SET NULL or SET DEFAULT",
                "ALTER TABLE children ADD x int, ADD y int, ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES parents (a, b) MATCH FULL|foreign key f of table public.children is MATCH FULL",
                "CREATE VIEW grouped AS SELECT id, a FROM parents GROUP BY id|rule _RETURN on view public.grouped depends on the key parents_pkey of table public.parents",
                "ALTER TABLE children ADD during int4range, ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&)|exclusion constraint x of table public.children can have no tenant in it"
            })
    void anObstacleIsNamedWithItsTable(String obstacle, String named) throws SQLException {
        execute(obstacle);

        ConversionPlan plan = plan();

        assertThat(plan.obstacles()).anySatisfy(text -> assertThat(text).contains(named));
        assertThat(plan.isEmpty()).isFalse();
        assertThatThrownBy(() -> plan.apply(owner))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(named);
        assertThatThrownBy(plan::sql).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTableOfSomebodyElseIsAnObstacle() throws SQLException {
        database.asSuperuser("CREATE TABLE theirs (id bigint PRIMARY KEY)");

        assertThat(plan().obstacles()).singleElement().asString().contains("public.theirs is owned by postgres");
    }

    @Test
    void rowsWithoutATenantAreCountedAndNothingIsChanged() throws SQLException {
        execute("INSERT INTO parents VALUES (1), (2)", "INSERT INTO children VALUES (1, 1), (2, NULL), (3, NULL)");
        ConversionPlan plan = builder().tenantFrom("parents", "id").build().plan(owner);

        assertThatThrownBy(() -> plan.apply(owner))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"public\".\"children\" has 2 rows without a tenant");
        assertThat(ForeignSchema.query(database, "SELECT attname FROM pg_attribute WHERE attname = 'tenant_id'"))
                .isEmpty();
    }

    @Test
    void aRowOfTwoTenantsIsRefused() throws SQLException {
        execute(
                "ALTER TABLE children ADD FOREIGN KEY (other) REFERENCES parents",
                "INSERT INTO parents VALUES (1), (2)",
                "INSERT INTO children VALUES (1, 1, 2)");
        ConversionPlan plan = builder().tenantFrom("parents", "id").build().plan(owner);

        assertThatThrownBy(() -> plan.apply(owner))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"))
                .hasMessageContaining("children_other_fkey");
    }

    @Test
    void aTenantThatIsNoneOfTheColumnsTypeIsRefused() throws SQLException {
        execute("INSERT INTO parents VALUES (1)");
        ConversionPlan plan = builder()
                .tenantColumn(TenantColumn.UUID)
                .tenantFrom("parents", "id")
                .build()
                .plan(owner);

        assertThatThrownBy(() -> plan.apply(owner))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("uuid");
    }

    @Test
    void namesThatAreNotThereAreSaid() {
        assertThatThrownBy(() -> builder().tenantFrom("parent", "id").build().plan(owner))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "table parent is not among the tables to convert in schema public, which are [children, parents]");
        assertThatThrownBy(
                        () -> builder().tenantFrom("parents", "tenant").build().plan(owner))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table parents has no column tenant to take the tenant from; it has [id, a, b]");
        assertThatThrownBy(() -> builder().share("list").build().plan(owner))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table list");
        assertThatThrownBy(() -> SchemaConversion.of("nowhere").build().plan(owner))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema nowhere has no tables");
        assertThatThrownBy(() -> builder().grantTo("nobody's").build().plan(owner))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("role \"nobody's\" does not exist");
    }

    @Test
    void aTableThatHasSomeTenantsAlreadyKeepsThem() throws SQLException {
        execute(
                "ALTER TABLE parents ADD tenant_id text",
                "INSERT INTO parents (id, tenant_id) VALUES (1, 'globex'), (2, NULL)",
                "INSERT INTO children VALUES (1, 1), (2, 2)");

        plan().apply(owner);

        assertThat(ForeignSchema.query(
                        database, "SELECT id || tenant_id FROM parents UNION ALL SELECT id || tenant_id FROM children"))
                .containsExactlyInAnyOrder("1globex", "2acme", "1globex", "2acme");
    }

    @Test
    void namesThatWereMeantToHurtAreNames() throws SQLException {
        execute(
                "CREATE TABLE \"x'; DROP TABLE \"\"lists\"\"; -- %s $1\" (\"i'd \"\"x\"\"\" bigint PRIMARY KEY, \"(a\" text, p bigint REFERENCES parents)",
                "CREATE INDEX \"on USING btree (\" ON \"x'; DROP TABLE \"\"lists\"\"; -- %s $1\" (\"(a\")",
                "INSERT INTO \"x'; DROP TABLE \"\"lists\"\"; -- %s $1\" VALUES (1, 'a', NULL)");

        plan().apply(owner);

        assertThat(plan().statements()).isEmpty();
        assertThat(ForeignSchema.query(database, "SELECT count(*) FROM lists")).containsExactly("0");
    }
}
