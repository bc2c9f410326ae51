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
     * @param answer what the server says to them all
     * @param number which of them; those first who asked first
     */
    record Seat(CompletableFuture<Answer> answer, int number) {}

    private static final class Flight {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private int passengers;
    }

    /** Those who want the same; at most one flight is on its way, at most one is boarding. */
    private static final class Line {
        private @Nullable Flight boarding;
        private boolean isClosed;
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
                return new Seat(flight.answer, 0);
            }
            synchronized (line) {
                if (!line.isClosed) {
                    Flight flight = line.boarding == null ? new Flight() : line.boarding;
                    line.boarding = flight;
                    return new Seat(flight.answer, flight.passengers++);
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever has a seat learns how it ends
    private void depart(Wish wish, Line line, Flight flight) {
        airline.fly(wish, flight.passengers).whenComplete((answer, failure) -> {
            Flight next = next(wish, line);
            if (failure == null) {
                flight.answer.complete(answer);
            } else {
                flight.answer.completeExceptionally(failure);
            }
            if (next != null) {
                depart(wish, line, next);
            }
        });
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
