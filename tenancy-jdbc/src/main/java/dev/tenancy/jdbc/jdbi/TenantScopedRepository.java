package dev.tenancy.jdbc.jdbi;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.NoTenantException;
import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.result.ResultIterable;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one tenant table that belong to the current tenant.
 *
 * <p>The table has a column {@code id} and is protected by {@link dev.tenancy.jdbc.RowLevelSecurity}; the Jdbi is on a
 * {@link dev.tenancy.jdbc.TenantDataSource}. PostgreSQL shows no other tenant's rows; those of
 * {@linkplain dev.tenancy.TenantIdentity#readableTenants readable tenants}, which a table may show, are left out too,
 * as they may have the same ids. Without a current tenant every method fails with {@link NoTenantException}, also in a
 * system context: two tenants may have rows of the same id. On a pool whose connections come with autocommit off, the
 * Jdbi has the {@link TenancyPlugin}. Immutable and thread-safe.
 *
 * @param <T> what a row is mapped to
 * @since 0.1
 */
public final class TenantScopedRepository<T> {
    private final Jdbi jdbi;
    private final String table;
    private final RowMapper<T> mapper;

    private TenantScopedRepository(Jdbi jdbi, String table, RowMapper<T> mapper) {
        this.jdbi = jdbi;
        this.table = table;
        this.mapper = mapper;
    }

    /**
     * {@return the rows of a table}
     *
     * @param <T> what a row is mapped to
     * @param table its name, found by the {@code search_path}; in the case in which PostgreSQL stores it
     * @param mapper maps a row with all its columns
     */
    public static <T> TenantScopedRepository<T> of(Jdbi jdbi, String table, RowMapper<T> mapper) {
        return new TenantScopedRepository<>(jdbi, table, mapper);
    }

    /**
     * Inserts a row of the current tenant.
     *
     * @param values value by column, without {@code tenant_id}; columns left out get their default
     * @return the row as it is stored
     * @throws IllegalArgumentException if {@code values} names {@code tenant_id}
     * @throws RowConflictException if a value that is unique within the tenant is taken
     * @throws RowNotFoundException if the row refers to one that the tenant does not have
     */
    public T insert(Map<String, ? extends @Nullable Object> values) {
        refuseTenantColumn(values);
        List<String> columns = new ArrayList<>(List.of(TENANT_COLUMN));
        List<@Nullable Object> row = new ArrayList<>(List.of(Untyped.of(TenantContext.require())));
        values.forEach((column, value) -> {
            columns.add(column);
            row.add(value);
        });
        String names = columns.stream().map(Sql::quoted).collect(Collectors.joining(", "));
        String marks = String.join(", ", Collections.nCopies(columns.size(), "?"));
        return ConstraintErrors.ofWrite(
                table,
                () -> query(
                                "INSERT INTO " + Sql.quoted(table) + " (" + names + ") VALUES (" + marks
                                        + ") RETURNING *",
                                row)
                        .get(0));
    }

    /** {@return the row with this id, or empty if the current tenant has none} */
    public Optional<T> find(Object id) {
        return select("AND id = ?", id).stream().findFirst();
    }

    /**
     * {@return the row with this id}
     *
     * @throws RowNotFoundException if the current tenant has none
     */
    public T require(Object id) {
        return find(id).orElseThrow(() -> new RowNotFoundException(table));
    }

    /** {@return all rows of the current tenant, ordered by id} */
    public List<T> list() {
        return select("ORDER BY id");
    }

    /**
     * {@return the first rows of the current tenant, ordered by id}
     *
     * @param limit how many at most; 1 or more
     */
    public List<T> list(int limit) {
        return select("ORDER BY id LIMIT ?", allowed(limit));
    }

    /**
     * {@return the rows of the current tenant that come next, ordered by id} A page costs the same wherever it begins,
     * and no row is left out or seen twice, whatever is written between two pages.
     *
     * @param id where the page before ended; need not be there any more, and if it is another tenant's, that changes
     *     nothing
     * @param limit how many at most; 1 or more
     */
    public List<T> listAfter(Object id, int limit) {
        return select("AND id > ? ORDER BY id LIMIT ?", id, allowed(limit));
    }

    private static int allowed(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; allowed: 1 or more");
        }
        return limit;
    }

    /** {@return how many rows the current tenant has} */
    public long count() {
        Argument tenant = Untyped.of(TenantContext.require());
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*)" + ofTheCurrentTenant())
                .bind(0, tenant)
                .mapTo(Long.class)
                .one());
    }

    /**
     * Changes a row.
     *
     * @param values new value by column, one at least, without {@code id} and {@code tenant_id}
     * @return the row as it is stored
     * @throws IllegalArgumentException if {@code values} is empty, or names {@code id} or {@code tenant_id}
     * @throws RowNotFoundException if the current tenant has no such row, or the row would refer to one that it does
     *     not have
     * @throws RowConflictException if a value that is unique within the tenant is taken
     */
    public T update(Object id, Map<String, ? extends @Nullable Object> values) {
        refuseTenantColumn(values);
        if (values.isEmpty() || values.containsKey("id")) {
            throw new IllegalArgumentException(
                    "values is empty or names id; an update changes one column at least, never id");
        }
        List<@Nullable Object> parameters = new ArrayList<>(values.values());
        parameters.add(id);
        String changes = values.keySet().stream()
                .map(column -> Sql.quoted(column) + " = ?")
                .collect(Collectors.joining(", "));
        String sql = "UPDATE " + Sql.quoted(table) + " SET " + changes + " WHERE id = ? RETURNING *";
        return ConstraintErrors.ofWrite(table, () -> query(sql, parameters)).stream()
                .findFirst()
                .orElseThrow(() -> new RowNotFoundException(table));
    }

    /**
     * Deletes a row.
     *
     * @throws RowNotFoundException if the current tenant has no such row
     * @throws RowConflictException if other rows refer to it
     */
    public void delete(Object id) {
        TenantContext.require();
        String sql = "DELETE FROM " + Sql.quoted(table) + " WHERE id = ?";
        int deleted = ConstraintErrors.ofDelete(table, () -> jdbi.withHandle(handle -> handle.execute(sql, id)));
        if (deleted == 0) {
            throw new RowNotFoundException(table);
        }
    }

    /**
     * {@return the association of rows of this table, as parents, with rows of {@code children}}
     *
     * @param <C> what a child is mapped to
     * @param associationTable its name; it is protected by {@link dev.tenancy.jdbc.RowLevelSecurity} with a key of both
     *     columns
     * @param parentColumn its column with the id of the parent
     * @param childColumn its column with the id of the child
     */
    public <C> TenantAssociation<C> associationWith(
            TenantScopedRepository<C> children, String associationTable, String parentColumn, String childColumn) {
        return new TenantAssociation<>(
                jdbi,
                new TenantAssociation.Tables(associationTable, table, parentColumn, children.table, childColumn),
                children.mapper);
    }

    /** Also of a table that shows rows of readable tenants, which may have the same ids. */
    private String ofTheCurrentTenant() {
        return " FROM " + Sql.quoted(table) + " WHERE " + TENANT_COLUMN + " = ?";
    }

    private List<T> select(String rest, Object... parameters) {
        List<Object> all = new ArrayList<>(List.of(Untyped.of(TenantContext.require())));
        all.addAll(List.of(parameters));
        return query("SELECT *" + ofTheCurrentTenant() + " " + rest, all);
    }

    private List<T> query(String sql, List<? extends @Nullable Object> parameters) {
        TenantContext.require();
        return jdbi.withHandle(handle -> {
            ResultIterable<T> rows =
                    Parameters.bind(handle.createQuery(sql), parameters).map(mapper);
            return rows.list();
        });
    }

    private static void refuseTenantColumn(Map<String, ?> values) {
        if (values.containsKey(TENANT_COLUMN)) {
            throw new IllegalArgumentException(
                    "values names " + TENANT_COLUMN + ", which is always that of the current tenant");
        }
    }
}
