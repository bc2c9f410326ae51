/** What it costs that a connection knows its tenant: round trips, and what they take over a long wire. */
@NullMarked
package dev.tenancy.example.benchmarks.roundtrips;

import org.jspecify.annotations.NullMarked;
