/** A database that is wrong in one way, for each of the audit's rules. */
@NullMarked
package dev.tenancy.jdbc.audit;

import org.jspecify.annotations.NullMarked;
