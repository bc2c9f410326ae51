/**
 * Connections measured in a Micrometer registry. Needs {@code micrometer-core}, which this library does not bring
 * along.
 */
@NullMarked
package dev.tenancy.jdbc.micrometer;

import org.jspecify.annotations.NullMarked;
