package dev.tenancy.ratelimit.lettuce;

import java.nio.ByteBuffer;

/**
 * Numbers as the script reads them: doubles in one argument, most significant byte first. Each is a whole number that a
 * double holds exactly. Not thread-safe.
 */
final class PackedNumbers {
    private final ByteBuffer bytes;

    /** Makes an empty list that has room for {@code most}. */
    PackedNumbers(int most) {
        this.bytes = ByteBuffer.allocate(most * Double.BYTES);
    }

    PackedNumbers add(long number) {
        bytes.putDouble((double) number);
        return this;
    }

    byte[] toBytes() {
        byte[] written = new byte[bytes.position()];
        bytes.get(0, written);
        return written;
    }
}
