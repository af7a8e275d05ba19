package dev.carafe.tools.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/**
 * Where a device's bytes go. Nothing is buffered: when {@link #accept} returns, the host has the
 * byte, so none can be lost at exit, and a slow reader slows the guest down instead of losing
 * bytes.
 *
 * <p>When the reader has gone away (a closed pipe, a full disk), later bytes are dropped: a guest
 * cannot notice that nobody listens to its line.
 */
public final class ByteOutput implements IntConsumer {
    private final FileOutputStream stream;
    private volatile boolean broken; // set once, by any thread that writes

    private ByteOutput(FileOutputStream stream) {
        this.stream = stream;
    }

    /** The process's standard output. */
    public static ByteOutput standard() {
        return new ByteOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** A file, made or emptied. */
    public static ByteOutput file(Path path) throws IOException {
        return file(path, false);
    }

    /**
     * A file, made or emptied unless its content is to be kept.
     *
     * @throws IOException with the host's reason when it cannot be written
     */
    public static ByteOutput file(Path path, boolean append) throws IOException {
        return new ByteOutput(new FileOutputStream(path.toFile(), append));
    }

    @Override
    public void accept(int value) {
        if (broken) {
            return;
        }
        try {
            stream.write(value);
        } catch (IOException e) {
            broken = true;
        }
    }
}
