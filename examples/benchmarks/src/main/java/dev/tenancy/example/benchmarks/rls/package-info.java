/** What row-level security costs, by the form of its policy. */
@NullMarked
package dev.tenancy.example.benchmarks.rls;

import org.jspecify.annotations.NullMarked;
