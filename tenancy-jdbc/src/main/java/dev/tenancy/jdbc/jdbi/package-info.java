/** Rows and association rows of tenants, on Jdbi. */
@NullMarked
package dev.tenancy.jdbc.jdbi;

import org.jspecify.annotations.NullMarked;
