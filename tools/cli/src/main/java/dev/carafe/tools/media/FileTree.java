package dev.carafe.tools.media;

import java.io.IOException;
import java.util.Optional;

/** The files of a medium, by paths such as {@code /boot/kernel.elf}. */
interface FileTree {
    /**
     * A file's content.
     *
     * @return empty where there is no such file
     * @throws IOException when the medium is damaged
     */
    Optional<byte[]> read(String path) throws IOException;
}
