package dev.tenancy.frameworks;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/** The tables of {@link ProjectsDatabase}, as jOOQ sees them. */
final class JooqProjects {
    static final Table<Record> PROJECTS = table(name("projects"));
    static final Table<Record> TASKS = table(name("tasks"));
    static final Field<Long> ID = field(name("id"), SQLDataType.BIGINT);
    static final Field<Integer> VERSION = field(name("version"), SQLDataType.INTEGER);
    static final Field<String> NAME = field(name("name"), SQLDataType.CLOB);
    static final Field<UUID> REFERENCE = field(name("reference"), SQLDataType.UUID);
    static final Field<String[]> TAGS = field(name("tags"), SQLDataType.CLOB.array());
    static final Field<JSONB> DETAILS = field(name("details"), SQLDataType.JSONB);
    static final Field<OffsetDateTime> DUE = field(name("due"), SQLDataType.TIMESTAMPWITHTIMEZONE);
    static final Field<Long> PROJECT_ID = field(name("project_id"), SQLDataType.BIGINT);
    static final Field<String> TITLE = field(name("title"), SQLDataType.CLOB);
    static final Field<String> TENANT_ID = field(name("tenant_id"), SQLDataType.CLOB);

    private JooqProjects() {}

    /** The names of the projects that the SQL without a condition sees. */
    static List<String> names(DSLContext dsl) {
        return dsl.select(NAME).from(PROJECTS).orderBy(ID).fetch(NAME);
    }

    /** Stores a project by SQL that knows nothing of tenants. */
    static void insert(DSLContext dsl, String name) {
        dsl.insertInto(PROJECTS, NAME).values(name).execute();
    }
}
