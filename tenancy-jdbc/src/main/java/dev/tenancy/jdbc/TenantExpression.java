package dev.tenancy.jdbc;

/**
 * The bound tenant in SQL, or those it may read.
 *
 * @param sql the expression
 * @param asStored how PostgreSQL writes it, when it is asked what it has stored
 * @param name what PostgreSQL calls the column of a query with it
 */
record TenantExpression(String sql, String asStored, String name) {
    private static final TenantExpression SETTING =
            new TenantExpression(setting(TenantBinding.SETTING), stored(TenantBinding.SETTING), "\"nullif\"");

    private static final TenantExpression SEAL =
            new TenantExpression(SealFunctions.CURRENT_TENANT, SealFunctions.CURRENT_TENANT, "current_tenant");

    private static final TenantExpression READABLE_BY_SETTING = new TenantExpression(
            "pg_catalog.string_to_array(pg_catalog.concat_ws(',', " + setting(TenantBinding.SETTING) + ", "
                    + setting(BoundSettings.READABLE_TENANTS) + "), ',')",
            "string_to_array(concat_ws(','::text, " + stored(TenantBinding.SETTING) + ", "
                    + stored(BoundSettings.READABLE_TENANTS) + "), ','::text)",
            "string_to_array");

    private static final TenantExpression READABLE_BY_SEAL =
            new TenantExpression(SealFunctions.READABLE_TENANTS, SealFunctions.READABLE_TENANTS, "readable_tenants");

    private static String setting(String name) {
        return "nullif(pg_catalog.current_setting('" + name + "', true), '')";
    }

    private static String stored(String name) {
        return "NULLIF(current_setting('" + name + "'::text, true), ''::text)";
    }

    /** The bound tenant, as a value of the tenant column. */
    static TenantExpression tenant(TenantColumn column, boolean sealed) {
        TenantExpression text = sealed ? SEAL : SETTING;
        if (column == TenantColumn.TEXT) {
            return text;
        }
        String cast = ")::" + column.sqlType();
        return new TenantExpression("(" + text.sql + cast, "(" + text.asStored + cast, text.name);
    }

    /** Whether a row is the bound tenant's. As a sub-select it is evaluated once a statement, not once a row. */
    static Predicate isOwn(String columnName, TenantColumn column, boolean sealed) {
        TenantExpression tenant = tenant(column, sealed);
        return new Predicate(
                columnName + " = (SELECT " + tenant.sql + ")",
                "(" + columnName + " = ( SELECT " + tenant.asStored + " AS " + tenant.name + "))");
    }

    /**
     * Whether a row is one of those that the bound tenant may read, its own too. With a cast, or it would be a join.
     */
    static Predicate isReadable(String columnName, TenantColumn column, boolean sealed) {
        TenantExpression readable = sealed ? READABLE_BY_SEAL : READABLE_BY_SETTING;
        String cast = ")::" + column.sqlType() + "[]";
        String select = "( SELECT " + readable.asStored + " AS " + readable.name;
        return new Predicate(
                columnName + " = ANY ((SELECT " + readable.sql + cast + ")",
                "(" + columnName + " = ANY (" + (column == TenantColumn.TEXT ? select : "(" + select + ")") + cast
                        + "))");
    }

    /**
     * A condition on a row.
     *
     * @param sql the expression
     * @param asStored how PostgreSQL writes it
     */
    record Predicate(String sql, String asStored) {}
}
