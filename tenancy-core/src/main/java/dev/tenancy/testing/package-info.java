/**
 * For tests of hosts: as whom a test runs, what it must not leave open, what tenants must not see of each other; and
 * contracts that implementers outside hold their own classes to. Only for tests: it needs {@code junit-jupiter-api},
 * which this library does not bring along, and nothing else of the library uses it.
 */
@NullMarked
package dev.tenancy.testing;

import org.jspecify.annotations.NullMarked;
