package dev.tenancy.ratelimit.lettuce;

import java.nio.ByteBuffer;

/** A list of numbers as the script reads it, in MessagePack: one argument instead of many. Not thread-safe. */
final class PackedNumbers {
    private static final byte ARRAY = (byte) 0xdc;
    private static final byte UNSIGNED_64 = (byte) 0xcf;
    private static final int LARGEST_IN_A_BYTE = 0x7f;
    private static final int COUNT_AT = 1;
    private static final int BYTES_BEFORE = COUNT_AT + Short.BYTES;
    private static final int MOST_BYTES_OF_ONE = 1 + Long.BYTES;

    private final ByteBuffer bytes;
    private short count;

    /** Makes an empty list that has room for {@code most}. */
    PackedNumbers(int most) {
        this.bytes = ByteBuffer.allocate(BYTES_BEFORE + most * MOST_BYTES_OF_ONE)
                .put(ARRAY)
                .putShort((short) 0);
    }

    /**
     * Adds a number.
     *
     * @param number 0 or more
     */
    PackedNumbers add(long number) {
        if (number <= LARGEST_IN_A_BYTE) {
            bytes.put((byte) number);
        } else {
            bytes.put(UNSIGNED_64).putLong(number);
        }
        count++;
        return this;
    }

    byte[] toBytes() {
        bytes.putShort(COUNT_AT, count);
        byte[] written = new byte[bytes.position()];
        bytes.get(0, written);
        return written;
    }
}
