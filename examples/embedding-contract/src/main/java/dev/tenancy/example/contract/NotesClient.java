package dev.tenancy.example.contract;

import java.util.concurrent.CompletableFuture;

/** How a server is asked, whatever it speaks. Without a credential if that is empty. */
public interface NotesClient {

    /** Writes a note. */
    Answer add(String credential, String text);

    /** All notes, or only one. */
    Answer get(String credential, String path);

    /** As {@link #get}, answered later. */
    CompletableFuture<Answer> getLater(String credential, String path);

    /** Follows so many of the next notes. */
    Stream follow(String credential, int notes);

    /** An answer that comes in lines. */
    interface Stream extends AutoCloseable {
        /** The next line; empty at the end. */
        String line();

        /** Goes away, before the end perhaps. */
        @Override
        void close();
    }
}
