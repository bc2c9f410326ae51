/** Rate limits in memory. */
@NullMarked
package dev.tenancy.example.benchmarks.limiter;

import org.jspecify.annotations.NullMarked;
