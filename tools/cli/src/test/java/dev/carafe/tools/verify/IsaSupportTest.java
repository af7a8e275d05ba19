package dev.carafe.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/isa-support.md} is what the tables say now. */
class IsaSupportTest {
    private static final Path FILE =
            Path.of(System.getProperty("basedir", "."))
                    .toAbsolutePath()
                    .normalize()
                    .resolve("../../docs/isa-support.md");

    @Test
    void theFileIsUpToDate() throws IOException {
        assertEquals(
                new IsaSupport().text(),
                Files.readString(FILE),
                "./carafe verify isa > docs/isa-support.md makes it anew");
    }
}
