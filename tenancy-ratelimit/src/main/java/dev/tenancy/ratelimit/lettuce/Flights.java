package dev.tenancy.ratelimit.lettuce;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Combines the calls of this process that want the same: while one call for a target is on its way to the server, the
 * others wait and then go together. So a hot target costs one round trip at a time, however many ask; or a few, where
 * the way is so long that who waits for one and then goes with the next would be too late.
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

        /** Nobody is told any more what the server says to one of those on a flight; said once a flight. */
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
        private final AtomicBoolean isLost = new AtomicBoolean();
        private int passengers;

        private Flight(int passengers) {
            this.passengers = passengers;
        }

        /** What the server says to them all. */
        CompletableFuture<Answer> answer() {
            return answer;
        }
    }

    /** Those who want the same. At most one flight is boarding; it leaves when the one that left last is back. */
    private static final class Line {
        private @Nullable Flight flying;
        private @Nullable Flight boarding;
        private boolean isClosed;

        Line(Flight first) {
            this.flying = first;
        }

        /** Whether a flight was boarding, which leaves now. */
        synchronized boolean departIfBoarding(Flight flight) {
            boolean isBoarding = boarding == flight;
            if (isBoarding) {
                flying = flight;
                boarding = null;
            }
            return isBoarding;
        }
    }

    /** Goes at once, or with the next flight if one is on its way. */
    Seat board(Wish wish) {
        while (true) {
            Flight alone = new Flight(1);
            Line line = lines.putIfAbsent(wish, new Line(alone));
            if (line == null) {
                fly(wish, alone);
                return new Seat(alone, 0);
            }
            synchronized (line) {
                if (!line.isClosed) {
                    Flight flight = line.boarding == null ? new Flight(0) : line.boarding;
                    line.boarding = flight;
                    return new Seat(flight, flight.passengers++);
                }
            }
        }
    }

    /** Waits no longer for the flight before: goes now, with those who wait as well. */
    void hurry(Wish wish, Seat seat) {
        Line line = lines.get(wish);
        if (line != null && line.departIfBoarding(seat.flight())) {
            fly(wish, seat.flight());
        }
    }

    /** Gives up a seat on a flight that has left: nobody waits for it to be back any more before he goes himself. */
    void giveUp(Wish wish, Seat seat, Throwable reason) {
        Flight late = seat.flight();
        if (late.answer.isDone()) {
            return;
        }
        if (late.isLost.compareAndSet(false, true)) {
            airline.lost(reason);
        }
        departAfter(wish, late);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever has a seat learns how it ends
    private void fly(Wish wish, Flight flight) {
        airline.fly(wish, flight.passengers).whenComplete((answer, failure) -> {
            if (failure == null) {
                flight.answer.complete(answer);
            } else {
                flight.answer.completeExceptionally(failure);
            }
            departAfter(wish, flight);
        });
    }

    private void departAfter(Wish wish, Flight flight) {
        Line line = lines.get(wish);
        Flight next = line == null ? null : next(wish, line, flight);
        if (next != null) {
            fly(wish, next);
        }
    }

    /** What leaves after a flight, if none has left since. */
    private @Nullable Flight next(Wish wish, Line line, Flight flight) {
        synchronized (line) {
            if (line.flying != flight) {
                return null;
            }
            line.flying = line.boarding;
            line.boarding = null;
            if (line.flying == null) {
                line.isClosed = true;
                lines.remove(wish, line);
            }
            return line.flying;
        }
    }
}
