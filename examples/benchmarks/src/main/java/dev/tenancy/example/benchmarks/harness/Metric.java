package dev.tenancy.example.benchmarks.harness;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One figure of ours beside the same figure of one peer.
 *
 * @param name what was measured, such as {@code open-close.ns}
 * @param unit what it was measured in, such as {@code ns}
 * @param peerName what ours is compared with
 * @param ours what ours took, a value a round
 * @param peer what the peer took in the same rounds
 */
public record Metric(String name, String unit, String peerName, Samples ours, Samples peer) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./-]*");

    /**
     * Checks that it can be reported.
     *
     * @throws IllegalArgumentException if a name is not one word, or ours and the peer did not take part in the same
     *     rounds
     */
    public Metric {
        for (String word : List.of(name, unit, peerName)) {
            if (!WORD.matcher(word).matches()) {
                throw new IllegalArgumentException("\"" + word + "\" in metric " + name + "; allowed: " + WORD);
            }
        }
        if (ours.values().size() != peer.values().size()) {
            throw new IllegalArgumentException(
                    "metric " + name + " has " + ours.values().size() + " rounds of ours and "
                            + peer.values().size() + " of " + peerName);
        }
    }

    /** {@return the median of ours in terms of the median of the peer; infinite if only the peer's is zero} */
    public double ratio() {
        return ratio(ours.median(), peer.median());
    }

    /** {@return the ratio of each round} */
    Samples ratios() {
        return new Samples(IntStream.range(0, ours.values().size())
                .mapToObj(round -> ratio(ours.values().get(round), peer.values().get(round)))
                .toList());
    }

    /** Nothing beside nothing is as much as the peer, and not a number. */
    private static double ratio(double ours, double peer) {
        return ours == 0 && peer == 0 ? 1 : ours / peer;
    }
}
