/** The same calls of JDBC on a connection of the driver and on one that is bound to a tenant. */
@NullMarked
package dev.tenancy.jdbc.differential;

import org.jspecify.annotations.NullMarked;
