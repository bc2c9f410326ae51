package dev.tenancy.jdbc;

/**
 * The bound tenant in SQL, as a value of the tenant column.
 *
 * @param sql the expression
 * @param asStored how PostgreSQL writes it, when it is asked what it has stored
 * @param name what PostgreSQL calls the column of a query with it
 */
record TenantExpression(String sql, String asStored, String name) {
    private static final TenantExpression SETTING = new TenantExpression(
            "nullif(pg_catalog.current_setting('" + TenantBinding.SETTING + "', true), '')",
            "NULLIF(current_setting('" + TenantBinding.SETTING + "'::text, true), ''::text)",
            "\"nullif\"");

    private static final TenantExpression SEAL =
            new TenantExpression(SealFunctions.CURRENT_TENANT, SealFunctions.CURRENT_TENANT, "current_tenant");

    static TenantExpression of(TenantColumn column, boolean sealed) {
        TenantExpression text = sealed ? SEAL : SETTING;
        if (column == TenantColumn.TEXT) {
            return text;
        }
        String cast = ")::" + column.sqlType();
        return new TenantExpression("(" + text.sql + cast, "(" + text.asStored + cast, text.name);
    }

    /** Whether a row is the bound tenant's. As a sub-select it is evaluated once a statement, not once a row. */
    String predicate(String column) {
        return column + " = (SELECT " + sql + ")";
    }

    String predicateAsStored(String column) {
        return "(" + column + " = ( SELECT " + asStored + " AS " + name + "))";
    }
}
