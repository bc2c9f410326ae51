/** Tenancy as a filter of a Micronaut server. */
@NullMarked
package dev.tenancy.example.micronaut;

import org.jspecify.annotations.NullMarked;
