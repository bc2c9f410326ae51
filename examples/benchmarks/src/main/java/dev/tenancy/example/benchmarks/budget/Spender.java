package dev.tenancy.example.benchmarks.budget;

import java.sql.SQLException;

/** A way of spending within a budget. */
interface Spender {
    /** Reserves ten for a tenant and settles seven; whether there was room. */
    boolean spend(int tenant) throws SQLException;
}
