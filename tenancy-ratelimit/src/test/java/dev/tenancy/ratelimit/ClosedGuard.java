package dev.tenancy.ratelimit;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;

/** A guard that lets nobody pass. */
record ClosedGuard() implements Guard {
    @Override
    public String name() {
        return "closed";
    }

    @Override
    public Decision check(GuardedRequest request) {
        return new Guard.Denied(Problem.suspended());
    }
}
