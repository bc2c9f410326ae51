/**
 * For tests of hosts: connections that a test must not keep. Only for tests: it needs {@code junit-jupiter-api}, which
 * this library does not bring along, and nothing else of the library uses it.
 */
@NullMarked
package dev.tenancy.jdbc.testing;

import org.jspecify.annotations.NullMarked;
