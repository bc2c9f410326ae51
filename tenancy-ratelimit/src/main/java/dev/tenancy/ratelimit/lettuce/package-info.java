/**
 * Counts on Valkey or Redis, for all replicas of a host together. Needs {@code io.lettuce:lettuce-core}, which this
 * library does not bring along.
 */
@NullMarked
package dev.tenancy.ratelimit.lettuce;

import org.jspecify.annotations.NullMarked;
