/** Rate limits on Valkey and Redis. */
@NullMarked
package dev.tenancy.example.benchmarks.valkey;

import org.jspecify.annotations.NullMarked;
