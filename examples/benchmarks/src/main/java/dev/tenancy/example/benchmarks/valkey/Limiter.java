package dev.tenancy.example.benchmarks.valkey;

/** One of those that are compared. */
interface Limiter extends AutoCloseable {
    /** {@return whether a tenant was granted one permit} */
    boolean tryAcquire(int tenant);

    @Override
    void close();
}
