package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.FirmwareRom;
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
                                Optional.empty(),
                                Optional.of(kernel),
                                "",
                                List.of(new BootSource.Module(module, "quiet"))));

        assertArrayEquals("kernel".getBytes(), files.kernel());
        assertEquals(kernel.toString(), files.kernelName());
        assertArrayEquals("module".getBytes(), files.modules().getFirst().bytes());
        assertEquals("quiet", files.modules().getFirst().commandLine());
    }

    @Test
    void firmwareIsMappedBelowFourGibAndItsEndBelowOneMib() throws Exception {
        byte[] image = new byte[256 << 10];
        image[image.length - 1] = 7;
        Path file = folder.resolve("bios.bin");
        Files.write(file, image);
        BootSource boot = new BootSource(Optional.of(file), Optional.empty(), "", List.of());
        FirmwareRom rom = BootFiles.read(boot).firmware().orElseThrow();

        assertEquals(0xFFFC_0000L, rom.address());
        assertEquals(0xE_0000L, rom.lowAddress());
        assertEquals(128 << 10, rom.lowBytes().length);
        assertEquals(7, rom.lowBytes()[(128 << 10) - 1]);
    }

    @Test
    void firmwareOfAnOddSizeIsRefusedInOneSentence() throws Exception {
        Path file = write("odd.bin", "12345");
        BootSource boot = new BootSource(Optional.of(file), Optional.empty(), "", List.of());

        BootException e = assertThrows(BootException.class, () -> BootFiles.read(boot));

        assertEquals(
                "firmware '" + file + "' has 5 bytes: it must be a multiple of 64 KiB up to 8 MiB",
                e.getMessage());
    }

    @Test
    void aMissingKernelIsNamedInOneSentence() {
        Path missing = folder.resolve("none.elf");

        assertEquals(
                "could not open kernel file '" + missing + "': No such file or directory",
                refusal(missing));
    }

    @Test
    void aFolderIsNoKernel() {
        assertEquals(
                "could not open kernel file '" + folder + "': it is a directory", refusal(folder));
    }

    @Test
    void withoutAKernelTheEmbeddedOneBoots() throws BootException {
        BootFiles files =
                BootFiles.read(new BootSource(Optional.empty(), Optional.empty(), "", List.of()));

        assertEquals("embedded kernel", files.kernelName());
        assertTrue(files.kernel().length > 0);
    }

    @Test
    void filesThatTheKernelAsksForLieBesideItAndNowhereElse() throws Exception {
        Files.createDirectory(folder.resolve("boot"));
        Path kernel = write("boot/k.elf", "kernel");
        write("boot/font", "font");
        write("secret", "secret");
        BootFiles files =
                BootFiles.read(
                        new BootSource(Optional.empty(), Optional.of(kernel), "", List.of()));

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
        BootSource boot = new BootSource(Optional.empty(), Optional.of(kernel), "", List.of());
        return assertThrows(BootException.class, () -> BootFiles.read(boot)).getMessage();
    }
}
