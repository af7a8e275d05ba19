package dev.carafe.tools.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found on media with a boot loader. */
class BootMediumTest {
    private static final String NEW_SYNTAX =
            """
            timeout: 3
            default_entry: 2
            ${K}=/boot/kernel.elf
            # a comment
            /+Folder
            //First
                protocol: limine
                path: boot():${K}#0123abcd
                cmdline: a=1  b:2
                module_path: boot():/boot/one
                module_cmdline: text of one
                module_path: boot():///boot/two
            /Second
                protocol: efi
                path: boot():/other
            """;

    @TempDir Path folder;

    @Test
    void theChosenEntryOfLimineConfHasKernelCommandLineAndModules() {
        MenuEntry entry = LimineMenu.chosen(NEW_SYNTAX, false).orElseThrow();

        assertEquals("First", entry.title());
        assertEquals("limine", entry.protocol());
        assertEquals("/boot/kernel.elf", entry.kernel());
        assertEquals("a=1  b:2", entry.commandLine());
        assertEquals(
                "[Module[path=/boot/one, commandLine=text of one], Module[path=/boot/two, commandLine=]]",
                entry.modules().toString());
    }

    @Test
    void theSyntaxOfLimineSevenIsReadToo() {
        String text =
                """
                TIMEOUT=0
                :One
                    PROTOCOL=limine
                    KERNEL_PATH=boot:///kernel.elf
                    KERNEL_CMDLINE=x
                    MODULE_PATH=boot:///m
                    MODULE_STRING=y
                """;

        MenuEntry entry = LimineMenu.chosen(text, true).orElseThrow();

        assertEquals("/kernel.elf x", entry.kernel() + " " + entry.commandLine());
        assertEquals("[Module[path=/m, commandLine=y]]", entry.modules().toString());
    }

    @Test
    void theFirstEntryOfGrubCfgIsTaken() {
        String text =
                """
                set timeout=0
                menuentry "My OS" {
                    multiboot (cd)/boot/kernel.bin quiet x
                    module /boot/initrd name
                    boot
                }
                menuentry 'Other' { multiboot /b }
                """;

        MenuEntry entry = GrubMenu.first(text).orElseThrow();

        assertEquals(
                "MenuEntry[title=My OS, protocol=multiboot, kernel=/boot/kernel.bin, commandLine=quiet x,"
                        + " modules=[Module[path=/boot/initrd, commandLine=name]]]",
                entry.toString());
    }

    @ParameterizedTest(name = "with Rock Ridge names: {0}")
    @ValueSource(booleans = {true, false})
    void filesOfACdAreFound(boolean rockRidge) throws Exception {
        byte[] content = content(5000);
        Path file = folder.resolve("cd");
        TestMedia.cd(file, "Some folder", "Kernel.elf-2", content, rockRidge);
        try (BlockFile blocks = new BlockFile(file)) {
            FileTree tree = IsoImage.of(blocks).orElseThrow();

            assertArrayEquals(content, tree.read("/Some folder/Kernel.elf-2").orElseThrow());
            assertArrayEquals(content, tree.read("some FOLDER//kernel.ELF-2").orElseThrow());
            assertTrue(tree.read("/Some folder").isEmpty());
            assertTrue(tree.read("/Some folder/other/x").isEmpty());
            assertTrue(tree.read("/missing/Kernel.elf-2").isEmpty());
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"whole", "MBR", "GPT"})
    void filesOfAFatVolumeAreFoundOnAnyKindOfDisk(String kind) throws Exception {
        byte[] content = content(3000);
        Path disk = folder.resolve("disk");
        int first = kind.equals("whole") ? 0 : 8;
        TestMedia.fat16(disk, first, "BOOT", "a long name.elf", content);
        if (kind.equals("MBR")) {
            TestMedia.partition(disk, first);
        } else if (kind.equals("GPT")) {
            TestMedia.guidPartition(disk, first);
        }
        try (BlockFile blocks = new BlockFile(disk)) {
            Optional<byte[]> found = Optional.empty();
            for (long offset : PartitionTable.offsets(blocks)) {
                Optional<FileTree> tree = FatVolume.of(blocks, offset);
                if (tree.isPresent() && found.isEmpty()) {
                    found = tree.get().read("/boot/A long name.elf");
                    assertTrue(tree.get().read("/boot/a long").isEmpty());
                    assertTrue(tree.get().read("/boot").isEmpty());
                }
            }

            assertArrayEquals(content, found.orElseThrow());
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(1).nextBytes(content);
        return content;
    }

    @Test
    void aFolderStandsForADisk() throws Exception {
        Files.createDirectories(folder.resolve("boot"));
        Files.writeString(
                folder.resolve("limine.conf"), "/A\nprotocol: limine\npath: boot():/boot/k\n");
        Files.writeString(folder.resolve("boot/k"), "kernel");

        BootMedium medium = BootMedium.read(folder);

        assertEquals("kernel", new String(medium.kernel(), StandardCharsets.UTF_8));
        assertEquals("/boot/k", medium.kernelName());
    }

    @Test
    void theKernelBehindATeachingKernelsBootSectorIsFound() throws Exception {
        byte[] disk = new byte[4 * 512];
        disk[510] = 0x55;
        disk[511] = (byte) 0xAA;
        disk[512] = 0x7F;
        disk[513] = 'E';
        disk[514] = 'L';
        disk[515] = 'F';
        Path file = Files.write(folder.resolve("kernel.img"), disk);

        BootMedium medium = BootMedium.read(file);

        assertArrayEquals(
                java.util.Arrays.copyOfRange(disk, 512, disk.length),
                medium.kernel(),
                "from the second sector to the end");
        assertEquals("the kernel behind the boot sector", medium.origin());

        disk[511] = 0;
        Files.write(file, disk);
        assertThrows(BootException.class, () -> BootMedium.read(file), "no boot sector");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "has no entry with a kernel|timeout: 1\n",
                "names '/k', which is not there|/A\npath: boot():/k\n",
                "names '/../../etc/passwd', which is not there|/A\npath: boot():/../../etc/passwd\n",
                "has the protocol 'efi', which Carafe does not boot|/A\nprotocol: efi\npath: boot():/k\n",
            })
    void aConfigurationThatCannotBeObeyedIsRefusedInOneSentence(String row) throws Exception {
        String[] parts = row.split("\\|");
        Files.writeString(folder.resolve("limine.conf"), parts[1]);

        BootException error = assertThrows(BootException.class, () -> BootMedium.read(folder));

        assertTrue(error.getMessage().contains(parts[0]), error::getMessage);
        assertTrue(error.getMessage().contains("limine.conf"), error::getMessage);
    }

    @Test
    void damagedImagesAreRefusedAndNothingElseHappens() throws IOException {
        byte[] config = "/A\npath: boot():/LIMINE/k\n".getBytes(StandardCharsets.UTF_8);
        Path cd = TestMedia.cd(folder.resolve("cd"), "limine", "limine.conf", config, true);
        Path fat = TestMedia.fat16(folder.resolve("fat"), 0, "LIMINE", "limine.conf", config);
        Random random = new Random(7);
        for (Path good : new Path[] {cd, fat}) {
            byte[] bytes = Files.readAllBytes(good);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = bytes.clone();
                for (int n = 0; n < 8; n++) {
                    int limit = good == cd ? damaged.length : 24 * 512;
                    damaged[random.nextInt(limit)] = (byte) random.nextInt();
                }
                int length = i % 3 == 0 ? random.nextInt(damaged.length) : damaged.length;
                Path bad = folder.resolve("bad");
                Files.write(bad, java.util.Arrays.copyOf(damaged, length));
                assertThrows(BootException.class, () -> BootMedium.read(bad), "seed 7, case " + i);
            }
        }
    }
}
