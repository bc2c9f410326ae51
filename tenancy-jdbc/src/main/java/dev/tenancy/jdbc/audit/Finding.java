package dev.tenancy.jdbc.audit;

import java.util.Optional;

/**
 * Something that is wrong with one object of the database.
 *
 * @param rule what is wrong
 * @param object the kind of the object and its name, as SQL writes it: {@code table public.notes}
 * @param detail what makes it so, if there is more to say
 * @param mend SQL that mends it, for a superuser or the owner; empty if no SQL can, and {@link AuditRule#why} says what
 *     can
 * @since 0.1
 */
public record Finding(AuditRule rule, String object, Optional<String> detail, Optional<String> mend) {}
