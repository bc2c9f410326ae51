/** {@code jwt}: who the tenant is, from a token. */
@NullMarked
package dev.tenancy.example.benchmarks.jwt;

import org.jspecify.annotations.NullMarked;
