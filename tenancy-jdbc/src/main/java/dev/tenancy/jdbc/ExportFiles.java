package dev.tenancy.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where the files of an export are kept: a directory, or what the host has (an object store, say).
 *
 * @since 0.1
 */
public interface ExportFiles {

    /**
     * {@return a stream into a new file, which is complete when the stream is closed}
     *
     * @param name its name: lower-case ASCII letters, digits, dots, hyphens and underscores, at most 80 characters, not
     *     a dot at the beginning
     * @throws IOException if it cannot be made, or is there already
     */
    OutputStream create(String name) throws IOException;

    /**
     * {@return the content of a file; is opened more than once}
     *
     * @param name its name, one that {@link #create} was given
     * @throws IOException if it cannot be read, or is not there
     */
    InputStream open(String name) throws IOException;
}
