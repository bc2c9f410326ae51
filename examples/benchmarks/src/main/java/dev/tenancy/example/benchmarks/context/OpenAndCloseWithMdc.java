package dev.tenancy.example.benchmarks.context;

import org.openjdk.jmh.annotations.Fork;

/** The same with the tenant in the log context, as by default; the thread-local knows nothing of logs. */
@Fork(jvmArgsAppend = "-Dtenancy.context.mdc=true")
public class OpenAndCloseWithMdc extends OpenAndClose {}
