package dev.carafe.tools.cli;

import dev.carafe.tools.board.PcBoard;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * The picture that is kept at exit, also when a signal ends the process: a kernel that draws and
 * halts never ends by itself.
 */
final class Screenshot {
    private final Path file;
    private final OutputStream stream;
    private boolean written; // guarded by this

    private Screenshot(Path file, OutputStream stream) {
        this.file = file;
        this.stream = stream;
    }

    /**
     * Opens the file at once, so that a run does not end with the news that it cannot be written.
     */
    static Screenshot open(Path file) {
        try {
            return new Screenshot(
                    file, new BufferedOutputStream(new FileOutputStream(file.toFile())));
        } catch (IOException e) {
            throw UsageError.of("--screenshot", file.toString(), HostError.reason(e));
        }
    }

    /** Writes the picture, the first time it is called. */
    synchronized void write(PcBoard board) {
        if (written) {
            return;
        }
        written = true;
        try (stream) {
            board.writePicture(stream);
        } catch (IOException e) {
            Messages.error("--screenshot " + file + ": " + HostError.reason(e));
        }
    }
}
