package dev.tenancy.jdbc.jdbi;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.jdbc.RowNotFoundException;
import dev.tenancy.jdbc.internal.Sql;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Rows of one table associated with rows of another, through a table of pairs.
 *
 * <p>A pair carries its parent's {@code tenant_id}, read from the parent's row by the statement that writes the pair,
 * and never joins two tenants: to the current tenant, another one's parent or child is not there. Immutable and
 * thread-safe.
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
        onPair(tables.insert(), parentId, childId);
    }

    /**
     * Ends the association of a child with a parent; if there is none, nothing changes.
     *
     * @throws RowNotFoundException if the current tenant lacks the parent or the child
     */
    public void dissociate(Object parentId, Object childId) {
        onPair(tables.delete(), parentId, childId);
    }

    /**
     * {@return the children of a parent, ordered by id}
     *
     * @throws RowNotFoundException if the current tenant lacks the parent
     */
    public List<C> childrenOf(Object parentId) {
        return jdbi.inTransaction(handle -> {
            if (handle.createQuery(tables.selectParent())
                    .bind(0, parentId)
                    .mapTo(Integer.class)
                    .findFirst()
                    .isEmpty()) {
                throw new RowNotFoundException(tables.parent);
            }
            return handle.createQuery(tables.selectChildren())
                    .bind(0, parentId)
                    .map(childMapper)
                    .list();
        });
    }

    private void onPair(String sql, Object parentId, Object childId) {
        int pairs = ConstraintErrors.ofWrite(
                tables.parent + " or " + tables.child,
                () -> jdbi.withHandle(handle -> handle.createQuery(sql)
                        .bind(0, parentId)
                        .bind(1, childId)
                        .mapTo(Integer.class)
                        .one()));
        if (pairs == 0) {
            throw new RowNotFoundException(tables.parent + " or " + tables.child);
        }
    }

    /**
     * The names, and the statements made of them; each is one statement, so that nothing can change between check and
     * write.
     */
    record Tables(String association, String parent, String parentColumn, String child, String childColumn) {

        String insert() {
            return pair() + ", written AS (INSERT INTO " + Sql.quoted(association) + " (" + columns() + ") SELECT "
                    + TENANT_COLUMN
                    + ", parent_id, child_id FROM pair ON CONFLICT (" + columns()
                    + ") DO NOTHING) SELECT count(*) FROM pair";
        }

        String delete() {
            return pair() + ", deleted AS (DELETE FROM " + Sql.quoted(association)
                    + " AS association USING pair WHERE association."
                    + TENANT_COLUMN + " = pair." + TENANT_COLUMN + " AND association." + Sql.quoted(parentColumn)
                    + " = pair.parent_id AND association." + Sql.quoted(childColumn)
                    + " = pair.child_id) SELECT count(*) FROM pair";
        }

        String selectParent() {
            return "SELECT 1 FROM " + Sql.quoted(parent) + " WHERE id = ?";
        }

        String selectChildren() {
            return "SELECT child.* FROM " + Sql.quoted(association) + " AS association JOIN " + Sql.quoted(child)
                    + " AS child ON child." + TENANT_COLUMN + " = association." + TENANT_COLUMN
                    + " AND child.id = association."
                    + Sql.quoted(childColumn) + " WHERE association." + Sql.quoted(parentColumn)
                    + " = ? ORDER BY child.id";
        }

        private String pair() {
            return "WITH pair AS (SELECT parent." + TENANT_COLUMN
                    + ", parent.id AS parent_id, child.id AS child_id FROM "
                    + Sql.quoted(parent) + " AS parent JOIN " + Sql.quoted(child) + " AS child ON child."
                    + TENANT_COLUMN
                    + " = parent." + TENANT_COLUMN + " WHERE parent.id = ? AND child.id = ?)";
        }

        private String columns() {
            return TENANT_COLUMN + ", " + Sql.quoted(parentColumn) + ", " + Sql.quoted(childColumn);
        }
    }
}
