package dev.tenancy.example.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsInTheMiddle() {
        assertThat(new Samples(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
        assertThat(new Samples(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void theSpreadIsFromTheSmallestToTheLargest() {
        Samples samples = new Samples(List.of(2.0, 1.0, 9.0));

        assertThat(samples.smallest()).isEqualTo(1);
        assertThat(samples.largest()).isEqualTo(9);
    }

    @Test
    void whatNobodyCanHaveMeasuredIsRefused() {
        for (List<Double> impossible : List.of(List.<Double>of(), List.of(-1.0), List.of(1.0, Double.NaN))) {
            assertThatThrownBy(() -> new Samples(impossible)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
