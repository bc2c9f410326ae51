package dev.tenancy;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, none of which can keep a request or another listener from anything. */
final class Listeners implements TenancyListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<TenancyListener> all;

    Listeners(List<TenancyListener> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void admitted(TenantIdentity identity) {
        tell(listener -> listener.admitted(identity));
    }

    @Override
    public void finished(TenantIdentity identity, boolean succeeded) {
        tell(listener -> listener.finished(identity, succeeded));
    }

    @Override
    public void refused(TenantIdentity identity, Problem problem) {
        tell(listener -> listener.refused(identity, problem));
    }

    @Override
    public void refused(Problem problem) {
        tell(listener -> listener.refused(problem));
    }

    private void tell(Consumer<TenancyListener> event) {
        for (TenancyListener listener : all) {
            try {
                event.accept(listener);
            } catch (Throwable failure) { // an Error of a listener must not cost the request its answer
                LOG.error("listener {} failed", listener.getClass().getName(), failure);
            }
        }
    }
}
