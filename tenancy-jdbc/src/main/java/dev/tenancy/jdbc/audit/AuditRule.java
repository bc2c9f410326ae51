package dev.tenancy.jdbc.audit;

/**
 * Something that the audit looks for.
 *
 * @param id its name, which does not change: words in lower case with hyphens
 * @param severity how much it matters
 * @param what one sentence that says what is wrong
 * @param why what follows from it, and what to do where no SQL mends it
 * @since 0.1
 */
public record AuditRule(String id, Severity severity, String what, String why) {}
