package dev.tenancy.jdbc.audit;

import java.util.List;
import java.util.Optional;

/**
 * What an audit is told.
 *
 * @param role the application's role; the connection's own if empty
 * @param column the tenant column
 * @param setting the setting that tells the tenant
 * @param excluded schemas that are not looked at
 * @param version the server's version number, to be taken for its own
 */
record AuditSettings(
        Optional<String> role, String column, String setting, List<String> excluded, Optional<Integer> version) {}
