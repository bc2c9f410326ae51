/** Example: the library against what one would use instead. */
@NullMarked
package dev.tenancy.example.benchmarks;

import org.jspecify.annotations.NullMarked;
