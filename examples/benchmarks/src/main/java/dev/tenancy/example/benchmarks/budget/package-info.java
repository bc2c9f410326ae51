/** {@code budget}: what is spent is counted in PostgreSQL. */
@NullMarked
package dev.tenancy.example.benchmarks.budget;

import org.jspecify.annotations.NullMarked;
