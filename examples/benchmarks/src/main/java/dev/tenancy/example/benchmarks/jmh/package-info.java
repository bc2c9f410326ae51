/** Benchmarks that need nothing but the processor, run by JMH. */
@NullMarked
package dev.tenancy.example.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
