/** What every benchmark has in common: its settings, its metrics, and how they are reported. */
@NullMarked
package dev.tenancy.example.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
