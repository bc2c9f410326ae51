package dev.tenancy.testservers;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * One direction of a conversation in PostgreSQL's protocol, version 3 (PostgreSQL manual, chapter 54), forwarded as it
 * comes. Each message is seen before its last byte is forwarded, whoever answers it or waits for it.
 */
abstract class MessageStream extends FilterOutputStream {
    private static final int TYPE_AND_LENGTH = 5;

    private ByteBuffer unread = ByteBuffer.allocate(8192).flip();

    MessageStream(OutputStream out) {
        super(out);
    }

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        append(bytes, offset, length);
        boolean complete;
        do {
            complete = takeMessage(unread);
        } while (complete);
        out.write(bytes, offset, length);
    }

    /** Takes a message off {@code unread}, and says whether there was a whole one. */
    abstract boolean takeMessage(ByteBuffer unread) throws ProtocolException;

    /** Takes off a message that begins with its type. */
    final boolean takeTyped(ByteBuffer unread) throws ProtocolException {
        if (unread.remaining() < TYPE_AND_LENGTH) {
            return false;
        }
        char type = (char) unread.get(unread.position());
        int length = 1 + lengthAt(unread, unread.position() + 1);
        if (unread.remaining() < length) {
            return false;
        }
        seen(type, unread.slice(unread.position() + TYPE_AND_LENGTH, length - TYPE_AND_LENGTH));
        unread.position(unread.position() + length);
        return true;
    }

    /** Looks at a message that begins with its type. */
    abstract void seen(char type, ByteBuffer body);

    /** The length of a message counts itself, and not the type. */
    static int lengthAt(ByteBuffer unread, int position) throws ProtocolException {
        int length = unread.getInt(position);
        if (length < Integer.BYTES || length == Integer.MAX_VALUE) {
            throw new ProtocolException(
                    "a message of length " + length + ": this is not PostgreSQL's protocol, or encrypted");
        }
        return length;
    }

    private void append(byte[] bytes, int offset, int length) {
        if (!unread.hasRemaining()) {
            unread.position(0).limit(0);
        }
        int end = unread.limit();
        if (unread.capacity() - end < length) {
            unread = ByteBuffer.allocate(2 * (unread.remaining() + length))
                    .put(unread)
                    .flip();
            end = unread.limit();
        }
        unread.limit(end + length).put(end, bytes, offset, length);
    }
}
