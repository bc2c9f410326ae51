package dev.tenancy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks guards in their order, and undoes what the former passed if the request is not admitted in the end. */
final class GuardChain {
    private static final Logger LOG = LoggerFactory.getLogger(GuardChain.class);

    private final List<Guard> guards;
    private final TenancyListener listener;

    GuardChain(List<Guard> guards, TenancyListener listener) {
        this.guards = List.copyOf(guards);
        this.listener = listener;
    }

    /**
     * Whether all guards let {@code request} pass.
     *
     * @throws IllegalStateException if a guard left a {@link TenantContext.Scope} of its own open
     */
    Admission pass(GuardedRequest request) {
        List<Guard.Passed> passed = new ArrayList<>(guards.size());
        boolean admitted = false;
        try {
            Optional<Problem> denial = TenantContext.call(request.identity(), () -> firstDenial(request, passed));
            admitted = denial.isEmpty();
            return denial.<Admission>map(Admission.Denied::new)
                    .orElseGet(() -> new Admitted(request, passed, listener));
        } finally {
            if (!admitted) {
                TenantContext.run(request.identity(), () -> Admitted.forEachContained(passed, Guard.Passed::undo));
            }
        }
    }

    private Optional<Problem> firstDenial(GuardedRequest request, List<Guard.Passed> passed) {
        for (Guard guard : guards) {
            Guard.Decision decision = check(guard, request);
            if (decision instanceof Guard.Denied denied) {
                return Optional.of(withHeaders(denied.problem(), passed));
            }
            passed.add((Guard.Passed) decision);
        }
        return Optional.empty();
    }

    /** What the guards before say of the request stands in every answer to it; the denial knows better. */
    private static Problem withHeaders(Problem denial, List<Guard.Passed> passed) {
        Map<String, String> headers = Admitted.headersOf(passed);
        denial.headers().keySet().forEach(headers::remove);
        headers.putAll(denial.headers());
        return new Problem(denial.type(), denial.status(), denial.title(), denial.detail(), headers);
    }

    @SuppressWarnings("NullAway") // a guard from outside may return null against its contract
    private static Guard.Decision check(Guard guard, GuardedRequest request) {
        try {
            return Objects.requireNonNull(guard.check(request), "it returned null");
        } catch (TenancyException failure) {
            Problems.log(failure, failure.problem());
            return new Guard.Denied(failure.problem());
        } catch (Exception failure) { // also a checked one, which other languages throw undeclared
            LOG.error("guard {} failed", guard.name(), failure);
            return new Guard.Denied(Problem.unavailable());
        }
    }
}
