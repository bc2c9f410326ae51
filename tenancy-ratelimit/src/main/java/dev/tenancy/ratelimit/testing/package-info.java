/**
 * The contract that implementers outside hold their own stores to. Only for tests: it needs {@code junit-jupiter-api},
 * which this library does not bring along, and nothing else of the library uses it.
 */
@NullMarked
package dev.tenancy.ratelimit.testing;

import org.jspecify.annotations.NullMarked;
