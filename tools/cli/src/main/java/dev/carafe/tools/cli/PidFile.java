package dev.carafe.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code -pidfile FILE}: scripts end the process by it. */
final class PidFile {
    private PidFile() {}

    /** Writes it; it goes away with the process. */
    static void write(Path file) {
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw UsageError.of("-pidfile", file.toString(), HostError.reason(e));
        }
    }
}
