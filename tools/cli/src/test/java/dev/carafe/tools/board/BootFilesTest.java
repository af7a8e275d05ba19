package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootFilesTest {
    @TempDir Path folder;

    @Test
    void kernelAndModulesAreReadWithTheirNames() throws Exception {
        Path kernel = write("k.elf", "kernel");
        Path module = write("m", "module");
        BootFiles files =
                BootFiles.read(
                        new BootSource(
                                Optional.of(kernel),
                                "",
                                List.of(new BootSource.Module(module, "quiet"))));

        assertArrayEquals("kernel".getBytes(), files.kernel());
        assertEquals(kernel.toString(), files.kernelName());
        assertArrayEquals("module".getBytes(), files.modules().getFirst().bytes());
        assertEquals("quiet", files.modules().getFirst().commandLine());
    }

    @Test
    void aMissingKernelIsNamedInOneSentence() {
        Path missing = folder.resolve("none.elf");

        assertEquals("kernel '" + missing + "' cannot be read: no such file", refusal(missing));
    }

    @Test
    void aFolderIsNoKernel() {
        assertEquals("kernel '" + folder + "' cannot be read: it is a directory", refusal(folder));
    }

    @Test
    void withoutAKernelTheEmbeddedOneBoots() throws BootException {
        BootFiles files = BootFiles.read(new BootSource(Optional.empty(), "", List.of()));

        assertEquals("embedded kernel", files.kernelName());
        assertTrue(files.kernel().length > 0);
    }

    @Test
    void filesThatTheKernelAsksForLieBesideItAndNowhereElse() throws Exception {
        Files.createDirectory(folder.resolve("boot"));
        Path kernel = write("boot/k.elf", "kernel");
        write("boot/font", "font");
        write("secret", "secret");
        BootFiles files = BootFiles.read(new BootSource(Optional.of(kernel), "", List.of()));

        assertArrayEquals("font".getBytes(), files.internalModules().read("font"));
        assertArrayEquals("font".getBytes(), files.internalModules().read("/font"));
        assertNull(files.internalModules().read("../secret"));
        assertNull(files.internalModules().read(folder.resolve("secret").toString()));
        assertNull(files.internalModules().read("none"));
        assertNull(files.internalModules().read("a\0b"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private String refusal(Path kernel) {
        BootSource boot = new BootSource(Optional.of(kernel), "", List.of());
        return assertThrows(BootException.class, () -> BootFiles.read(boot)).getMessage();
    }
}
