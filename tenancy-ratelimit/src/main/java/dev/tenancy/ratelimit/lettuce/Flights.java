package dev.tenancy.ratelimit.lettuce;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Combines the calls of this process that want the same: while one call for a target is on its way to the server, the
 * others wait and then go together. So a hot target costs one round trip at a time, however many ask.
 */
final class Flights {
    private final ConcurrentMap<Wish, Line> lines = new ConcurrentHashMap<>();
    private final Airline airline;

    Flights(Airline airline) {
        this.airline = airline;
    }

    /** Goes to the server. */
    interface Airline {
        /** {@return what the server says to so many who want the same} */
        CompletableFuture<Answer> fly(Wish wish, int passengers);

        /** A flight was given up. */
        void lost(Throwable reason);
    }

    /**
     * What is wanted.
     *
     * @param target from whom
     * @param permits how many
     */
    record Wish(Target target, long permits) {}

    /**
     * A place among those who go together.
     *
     * @param flight with whom
     * @param number which of them; those first who asked first
     */
    record Seat(Flight flight, int number) {}

    /** Those who go together. */
    static final class Flight {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private int passengers;

        /** What the server says to them all. */
        CompletableFuture<Answer> answer() {
            return answer;
        }
    }

    /** Those who want the same; at most one flight is on its way, at most one is boarding. */
    private static final class Line {
        private @Nullable Flight flying;
        private @Nullable Flight boarding;
        private boolean isClosed;

        synchronized void depart(Flight flight) {
            flying = flight;
        }

        synchronized @Nullable Flight flying() {
            return flying;
        }
    }

    /** Goes at once, or with the next flight if one is on its way. */
    Seat board(Wish wish) {
        while (true) {
            Line own = new Line();
            Line line = lines.putIfAbsent(wish, own);
            if (line == null) {
                Flight flight = new Flight();
                flight.passengers = 1;
                depart(wish, own, flight);
                return new Seat(flight, 0);
            }
            synchronized (line) {
                if (!line.isClosed) {
                    Flight flight = line.boarding == null ? new Flight() : line.boarding;
                    line.boarding = flight;
                    return new Seat(flight, flight.passengers++);
                }
            }
        }
    }

    /**
     * Waits no longer. The flight that is on its way left before whoever gives up came, or with him: those who want the
     * same may go now. What it is told later is heard by nobody.
     */
    void giveUp(Wish wish, Throwable reason) {
        Line line = lines.get(wish);
        Flight late = line == null ? null : line.flying();
        if (line != null && late != null && late.answer.completeExceptionally(reason)) {
            airline.lost(reason);
            departNext(wish, line);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever has a seat learns how it ends
    private void depart(Wish wish, Line line, Flight flight) {
        line.depart(flight);
        airline.fly(wish, flight.passengers).whenComplete((answer, failure) -> {
            boolean isAwaited =
                    failure == null ? flight.answer.complete(answer) : flight.answer.completeExceptionally(failure);
            if (isAwaited) {
                departNext(wish, line);
            }
        });
    }

    private void departNext(Wish wish, Line line) {
        Flight next = next(wish, line);
        if (next != null) {
            depart(wish, line, next);
        }
    }

    private @Nullable Flight next(Wish wish, Line line) {
        synchronized (line) {
            Flight next = line.boarding;
            line.boarding = null;
            if (next == null) {
                line.isClosed = true;
                lines.remove(wish, line);
            }
            return next;
        }
    }
}
