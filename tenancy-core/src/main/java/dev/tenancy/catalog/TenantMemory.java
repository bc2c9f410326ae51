package dev.tenancy.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tenancy.TenantId;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a catalog that are not too old: tenants that it knows, and apart from them, so that neither takes the room
 * of the other, ids that it does not know.
 *
 * <p>Caffeine bounds how many there are. How old they may be is decided here, since it counts from the question.
 */
final class TenantMemory {
    private final LongSupplier nanoTime;
    private final Kind known;
    private final Kind unknown;
    private final long longestInOutage;

    /**
     * Remembers nothing yet.
     *
     * @param longestInOutage the age in nanoseconds that a known tenant may have while the source is down
     */
    TenantMemory(LongSupplier nanoTime, Kind known, Kind unknown, long longestInOutage) {
        this.nanoTime = nanoTime;
        this.known = known;
        this.unknown = unknown;
        this.longestInOutage = longestInOutage;
    }

    /**
     * Answers of one kind.
     *
     * @param longest the age in nanoseconds that they may have
     */
    record Kind(Cache<TenantId, Answer> answers, long longest) {

        static Kind of(long most, long longest) {
            // Caffeine tidies up on the thread that uses it: there is no other thread that could have a tenant.
            return new Kind(
                    Caffeine.newBuilder()
                            .maximumSize(most)
                            .executor(Runnable::run)
                            .build(),
                    longest);
        }
    }

    long now() {
        return nanoTime.getAsLong();
    }

    Optional<Answer> find(TenantId id) {
        return young(known, id, known.longest).or(() -> young(unknown, id, unknown.longest));
    }

    Optional<Answer> findInOutage(TenantId id) {
        return young(known, id, longestInOutage);
    }

    void put(TenantId id, Answer answer) {
        Kind kind = answer.tenant().isPresent() ? known : unknown;
        Kind other = answer.tenant().isPresent() ? unknown : known;
        other.answers.invalidate(id);
        kind.answers.put(id, answer);
    }

    void forget(TenantId id) {
        known.answers.invalidate(id);
        unknown.answers.invalidate(id);
    }

    void forgetAll() {
        known.answers.invalidateAll();
        unknown.answers.invalidateAll();
    }

    private Optional<Answer> young(Kind kind, TenantId id, long longest) {
        @Nullable Answer answer = kind.answers.getIfPresent(id);
        return answer != null && now() - answer.askedAt() < longest ? Optional.of(answer) : Optional.empty();
    }
}
