/** What it costs to know the tenant of the current thread. */
@NullMarked
package dev.tenancy.example.benchmarks.context;

import org.jspecify.annotations.NullMarked;
