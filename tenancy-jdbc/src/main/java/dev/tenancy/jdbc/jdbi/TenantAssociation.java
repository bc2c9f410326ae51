package dev.tenancy.jdbc.jdbi;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Rows of one table associated with rows of another, through a table of pairs.
 *
 * <p>A pair carries its parent's {@code tenant_id}, read from the parent's row by the statement that writes the pair,
 * and never joins two tenants: to the current tenant, another one's parent or child is not there, nor is that of a
 * tenant that it may read. In a system context, on connections of a role that sees all rows, the parent's tenant is the
 * pair's too. Immutable and thread-safe.
 *
 * @param <C> what a child is mapped to
 * @see TenantScopedRepository#associationWith
 * @since 0.1
 */
public final class TenantAssociation<C> {
    private final Jdbi jdbi;
    private final Tables tables;
    private final RowMapper<C> childMapper;

    TenantAssociation(Jdbi jdbi, Tables tables, RowMapper<C> childMapper) {
        this.jdbi = jdbi;
        this.tables = tables;
        this.childMapper = childMapper;
    }

    /**
     * Associates a child with a parent; if it is already, nothing changes.
     *
     * @throws RowNotFoundException if the current tenant lacks the parent or the child
     * @throws dev.tenancy.jdbc.RowConflictException if the table of pairs has another unique key, and it is taken
     */
    public void associate(Object parentId, Object childId) {
        associateAll(parentId, List.of(childId));
    }

    /**
     * Associates children with a parent, all or none, in one statement; where one is already, nothing changes.
     *
     * @param childIds as many as there are, each once or more often
     * @throws RowNotFoundException if the current tenant lacks the parent or one of the children
     * @throws dev.tenancy.jdbc.RowConflictException if the table of pairs has another unique key, and it is taken
     */
    public void associateAll(Object parentId, Collection<?> childIds) {
        onPairs(tables::insert, parentId, childIds);
    }

    /**
     * Ends the association of a child with a parent; if there is none, nothing changes.
     *
     * @throws RowNotFoundException if the current tenant lacks the parent or the child
     */
    public void dissociate(Object parentId, Object childId) {
        onPairs(tables::delete, parentId, List.of(childId));
    }

    /**
     * {@return the children of a parent, ordered by id}
     *
     * @throws RowNotFoundException if the current tenant lacks the parent
     */
    public List<C> childrenOf(Object parentId) {
        Owner owner = Owner.of(parentId);
        return jdbi.inTransaction(handle -> {
            if (Parameters.bind(handle.createQuery(tables.selectParent(owner)), owner.parameters)
                    .mapTo(Integer.class)
                    .findFirst()
                    .isEmpty()) {
                throw new RowNotFoundException(tables.parent);
            }
            return Parameters.bind(handle.createQuery(tables.selectChildren(owner)), owner.parameters)
                    .map(childMapper)
                    .list();
        });
    }

    private void onPairs(Function<Owner, String> sql, Object parentId, Collection<?> childIds) {
        Set<String> wanted = childIds.stream().map(Object::toString).collect(Collectors.toSet());
        Owner owner = Owner.of(parentId);
        List<Object> parameters = new ArrayList<>(owner.parameters);
        parameters.add(Untyped.arrayOf(wanted));
        parameters.add(wanted.size());
        Found found = ConstraintErrors.ofWrite(
                tables.parent + " or " + tables.child,
                () -> jdbi.withHandle(handle -> Parameters.bind(handle.createQuery(sql.apply(owner)), parameters)
                        .map((row, context) -> new Found(row.getLong(1), row.getLong(2)))
                        .one()));
        if (found.parents > 1) {
            throw new IllegalStateException(
                    "several tenants have this row in " + tables.parent + ", and it is not said whose is meant");
        }
        if (found.parents == 0 || found.pairs != wanted.size()) {
            throw new RowNotFoundException(tables.parent + " or " + tables.child);
        }
    }

    /** What was there to be paired. */
    private record Found(long parents, long pairs) {}

    /**
     * Which parent is meant: the current tenant's, though others may be read that have the same id; in a system context
     * the only one that there is.
     */
    record Owner(String condition, List<Object> parameters) {
        static Owner of(Object parentId) {
            return TenantContext.current()
                    .map(identity ->
                            new Owner("id = ? AND " + TENANT_COLUMN + " = ?", List.of(parentId, Untyped.of(identity))))
                    .orElse(new Owner("id = ?", List.of(parentId)));
        }
    }

    /**
     * The names, and the statements made of them; each is one statement, so that nothing can change between check and
     * write.
     */
    record Tables(String association, String parent, String parentColumn, String child, String childColumn) {
        private static final String IS_WHOLE = "(SELECT count(*) FROM owner) = 1 AND (SELECT count(*) FROM pair) = ?";
        private static final String COUNT = "SELECT (SELECT count(*) FROM owner), (SELECT count(*) FROM pair)";

        String insert(Owner owner) {
            return pair(owner) + ", written AS (INSERT INTO " + Sql.quoted(association) + " (" + columns()
                    + ") SELECT " + TENANT_COLUMN + ", parent_id, child_id FROM pair WHERE " + IS_WHOLE
                    + " ON CONFLICT (" + columns() + ") DO NOTHING) " + COUNT;
        }

        String delete(Owner owner) {
            return pair(owner) + ", deleted AS (DELETE FROM " + Sql.quoted(association)
                    + " AS association USING pair WHERE " + IS_WHOLE + " AND association."
                    + TENANT_COLUMN + " = pair." + TENANT_COLUMN + " AND association." + Sql.quoted(parentColumn)
                    + " = pair.parent_id AND association." + Sql.quoted(childColumn) + " = pair.child_id) " + COUNT;
        }

        String selectParent(Owner owner) {
            return "SELECT 1 FROM " + Sql.quoted(parent) + " WHERE " + owner.condition;
        }

        String selectChildren(Owner owner) {
            return with(owner) + " SELECT child.* FROM owner JOIN " + Sql.quoted(association)
                    + " AS association ON association." + TENANT_COLUMN + " = owner." + TENANT_COLUMN
                    + " AND association." + Sql.quoted(parentColumn) + " = owner.id JOIN " + Sql.quoted(child)
                    + " AS child ON child." + TENANT_COLUMN + " = owner." + TENANT_COLUMN
                    + " AND child.id = association." + Sql.quoted(childColumn) + " ORDER BY child.id";
        }

        private String pair(Owner owner) {
            return with(owner) + ", pair AS (SELECT owner." + TENANT_COLUMN
                    + ", owner.id AS parent_id, child.id AS child_id FROM owner JOIN " + Sql.quoted(child)
                    + " AS child ON child." + TENANT_COLUMN + " = owner." + TENANT_COLUMN
                    + " WHERE child.id = ANY (?))";
        }

        private String with(Owner owner) {
            return "WITH owner AS (SELECT " + TENANT_COLUMN + ", id FROM " + Sql.quoted(parent) + " WHERE "
                    + owner.condition + ")";
        }

        private String columns() {
            return TENANT_COLUMN + ", " + Sql.quoted(parentColumn) + ", " + Sql.quoted(childColumn);
        }
    }
}
