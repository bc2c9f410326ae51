package dev.tenancy.jdbc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** Files in a directory, which nobody but the user of the process may read where the file system knows that. */
final class ExportDirectory implements ExportFiles {
    private static final int BUFFER = 1 << 16;

    private final Path directory;

    private ExportDirectory(Path directory) {
        this.directory = directory;
    }

    static ExportDirectory existing(Path directory) {
        return new ExportDirectory(directory);
    }

    /**
     * An empty directory, made if it is not there.
     *
     * @throws DirectoryNotEmptyException if there is something in it: an earlier export, or what was left of one
     */
    static ExportDirectory empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath(), ownersOnly(directory, "rwx------"));
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new DirectoryNotEmptyException(directory + " (an export needs an empty directory)");
            }
        }
        return new ExportDirectory(directory);
    }

    @Override
    public OutputStream create(String name) throws IOException {
        return new BufferedOutputStream(
                Channels.newOutputStream(Files.newByteChannel(
                        directory.resolve(name),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownersOnly(directory, "rw-------"))),
                BUFFER);
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(directory.resolve(name));
    }

    private static FileAttribute<?>[] ownersOnly(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
