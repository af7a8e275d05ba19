package dev.carafe.tools.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder of the host that stands for a medium, as {@code fat:rw:FOLDER} does for QEMU. */
final class HostFolder implements FileTree {
    private final Path root;

    HostFolder(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            Path file = root.resolve(path.replaceFirst("^/+", "")).normalize();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
