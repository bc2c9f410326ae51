/** Limits counted in a Micrometer registry. Needs {@code micrometer-core}, which this library does not bring along. */
@NullMarked
package dev.tenancy.ratelimit.micrometer;

import org.jspecify.annotations.NullMarked;
