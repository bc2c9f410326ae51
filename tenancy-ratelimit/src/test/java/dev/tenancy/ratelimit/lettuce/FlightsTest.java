package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FlightsTest {
    private static final Spec SPEC = new Spec.Cache().of(RateLimits.parse("10/1d"));
    private static final Flights.Wish WISH = new Flights.Wish(new Target(BucketKey.of(TenantId.of("acme")), SPEC), 1);

    private final List<Integer> departed = new ArrayList<>();
    private final List<CompletableFuture<Answer>> said = new ArrayList<>();
    private final List<Throwable> lost = new ArrayList<>();
    private final Flights flights = new Flights(new Flights.Airline() {
        @Override
        public CompletableFuture<Answer> fly(Flights.Wish wish, int passengers) {
            departed.add(passengers);
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            said.add(answer);
            return answer;
        }

        @Override
        public void lost(Throwable reason) {
            lost.add(reason);
        }
    });

    @Test
    void whoComesFirstGoesAtOnceAndTheOthersTogetherWhenTheFirstIsBack() {
        Flights.Seat first = flights.board(WISH);
        Flights.Seat second = flights.board(WISH);
        Flights.Seat third = flights.board(WISH);
        Flights.Seat other = flights.board(new Flights.Wish(WISH.target(), 2));
        assertThat(departed).containsExactly(1, 1);

        said.get(0).complete(answer(1));
        assertThat(departed).containsExactly(1, 1, 2);
        assertThat(first.flight().answer()).isCompleted();
        assertThat(second.flight()).isSameAs(third.flight()).isNotSameAs(other.flight());
        assertThat(List.of(first.number(), second.number(), third.number())).containsExactly(0, 0, 1);

        said.get(2).complete(answer(2));
        assertThat(second.flight().answer()).isCompleted();
        assertThat(flights.board(WISH).number())
                .as("nobody is on the way any more")
                .isZero();
        assertThat(departed).containsExactly(1, 1, 2, 1);
    }

    @Test
    void aFlightThatFailsFailsForThoseOnItOnly() {
        Flights.Seat first = flights.board(WISH);
        Flights.Seat second = flights.board(WISH);
        said.get(0).completeExceptionally(new IllegalStateException("lost"));
        assertThat(first.flight().answer()).isCompletedExceptionally();
        assertThat(second.flight().answer()).isNotDone();
        said.get(1).complete(answer(1));
        assertThat(second.flight().answer()).isCompleted();
    }

    @Test
    void aFlightThatIsGivenUpKeepsNobodyBack() {
        Flights.Seat first = flights.board(WISH);
        Flights.Seat second = flights.board(WISH);
        flights.giveUp(WISH, first, new TimeoutException());
        assertThat(lost).hasSize(1);
        assertThat(departed).containsExactly(1, 1);

        said.get(0).complete(answer(1));
        assertThat(departed).as("the late one sends nobody off").containsExactly(1, 1);
        said.get(1).complete(answer(1));
        assertThat(second.flight().answer()).isCompleted();
        flights.giveUp(WISH, second, new TimeoutException());
        assertThat(lost).as("there is nothing to give up").hasSize(1);
        flights.board(WISH);
        assertThat(departed).containsExactly(1, 1, 1);
    }

    @Test
    void whoGivesUpLeavesTheOthersWhereTheyAreAndIsLostOnce() {
        Flights.Seat alone = flights.board(WISH);
        Flights.Seat early = flights.board(WISH);
        Flights.Seat late = flights.board(WISH);
        said.get(0).complete(answer(1));
        assertThat(alone.flight().answer()).isCompleted();

        flights.giveUp(WISH, early, new TimeoutException());
        assertThat(late.flight().answer()).as("there is time left for him").isNotDone();
        flights.giveUp(WISH, late, new TimeoutException());
        assertThat(lost).hasSize(1);
        said.get(1).complete(answer(2));
        assertThat(late.flight().answer()).isCompleted();
    }

    @Test
    void whoHurriesGoesWithAllWhoWaitAndTheNextGoAfterThem() {
        Flights.Seat first = flights.board(WISH);
        Flights.Seat second = flights.board(WISH);
        Flights.Seat third = flights.board(WISH);
        flights.hurry(WISH, second);
        assertThat(departed).containsExactly(1, 2);
        flights.hurry(WISH, third);
        flights.hurry(WISH, first);
        assertThat(departed).as("they have left").containsExactly(1, 2);

        Flights.Seat fourth = flights.board(WISH);
        said.get(0).complete(answer(1));
        assertThat(departed).as("the last that left is not back").containsExactly(1, 2);
        said.get(1).complete(answer(2));
        assertThat(departed).containsExactly(1, 2, 1);
        said.get(2).complete(answer(1));
        assertThat(fourth.flight().answer()).isCompleted();
        flights.hurry(WISH, fourth);
        assertThat(departed).containsExactly(1, 2, 1);
    }

    @Test
    void whoWaitsForALateFlightGoesWhenItIsGivenUp() {
        Flights.Seat first = flights.board(WISH);
        Flights.Seat second = flights.board(WISH);
        flights.giveUp(WISH, first, new TimeoutException());
        assertThat(second.flight().answer()).as("it has left only now").isNotDone();
        flights.giveUp(WISH, second, new TimeoutException());
        assertThat(lost).hasSize(2);
        assertThat(flights.board(WISH).number()).isZero();
        assertThat(departed).containsExactly(1, 1, 1);
    }

    private static Answer answer(long granted) {
        return new Answer(granted, 0, -1, 0, new long[] {0}, new long[] {0});
    }
}
