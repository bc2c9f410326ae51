/** Whether it matters how many tenants there are. */
@NullMarked
package dev.tenancy.example.benchmarks.tenants;

import org.jspecify.annotations.NullMarked;
