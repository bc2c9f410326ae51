package dev.tenancy.testservers;

/**
 * Whose turn it is on one connection: the client's, or the server's. Several requests that a client sends without
 * waiting between them are one turn (the JDBC driver sends BEGIN as a Query, and then Parse to Sync of the first
 * statement). Thread-safe.
 */
final class Exchange {
    private int unansweredEncryptionRequests;
    private int unanswered;
    private boolean clientMidway;

    /** The client asked whether the server encrypts; it answers with a single byte. */
    synchronized void encryptionRequested() {
        unansweredEncryptionRequests++;
    }

    synchronized boolean awaitsEncryptionAnswer() {
        return unansweredEncryptionRequests > 0;
    }

    synchronized void encryptionRefused() {
        unansweredEncryptionRequests--;
    }

    /** The client began a message. */
    synchronized void sentPart() {
        clientMidway = true;
    }

    /** The client sent a message of {@code type}. */
    synchronized void sent(char type) {
        switch (type) {
            case 'Q', 'S', 'F' -> { // Query, Sync, FunctionCall: ReadyForQuery answers each
                unanswered++;
                clientMidway = false;
            }
            case 'c', 'f' -> clientMidway = false; // CopyDone, CopyFail: end what an earlier request began
            default -> clientMidway = true;
        }
    }

    /** The server answered with a message of {@code type}; says whether this is what the client waits for. */
    synchronized boolean answered(char type) {
        return switch (type) {
            case 'Z' -> { // ReadyForQuery
                unanswered = Math.max(0, unanswered - 1);
                yield unanswered == 0 && !clientMidway;
            }
            case 'G', 'W' -> !clientMidway; // CopyInResponse, CopyBothResponse: send your data
            default -> false;
        };
    }
}
