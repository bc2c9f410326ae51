package dev.tenancy.example.benchmarks.context;

import dev.tenancy.TenantContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;

/** Begins and ends the work for a tenant, with the library's part in the log context switched off. */
@Fork(jvmArgsAppend = "-Dtenancy.context.mdc=false")
public class OpenAndClose {
    /** Opens and closes a scope. */
    @Benchmark
    public void ours() {
        TenantContext.open(BareThreadLocal.ACME).close();
    }

    /** Sets and removes the thread-local. */
    @Benchmark
    public void threadLocal() {
        BareThreadLocal.CURRENT.set(BareThreadLocal.ACME);
        BareThreadLocal.CURRENT.remove();
    }
}
