package dev.carafe.firmware.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.TestElf;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The x86/HVM direct boot ABI. */
class PvhLoaderTest {
    private static final long ENTRY = 0x100_0010;

    private List<ModuleFile> modules = List.of();

    @Test
    void aKernelWithTheNoteBeginsAtTheNotesAddress() throws BootException {
        BootImage image = boot(kernel().note(note("Xen", 18, ENTRY)).build());
        InitialState bsp = image.bsp();

        assertEquals("PVH", image.protocol());
        assertEquals(ENTRY, bsp.rip());
        assertEquals(0x11, bsp.cr0());
        assertEquals(0, bsp.cr4());
        assertEquals(0, bsp.efer());
        assertEquals(0xC09B, bsp.cs().attributes());
        assertEquals(0x67, bsp.tr().limit());
        assertEquals(0x8B, bsp.tr().attributes());
        assertEquals(7, new GuestView(image).physical(0x100_0000, 1), "at its physical address");
    }

    @Test
    void startInfoHasCommandLineModuleAndMap() throws BootException {
        modules = List.of(new ModuleFile("one", "", "ABC".getBytes()));
        BootImage image = boot(kernel().note(note("Xen", 18, ENTRY)).build());
        GuestView view = new GuestView(image);
        long info = image.bsp().general(InitialState.RBX);

        assertEquals(0x336EC578, view.physical(info, 4));
        assertEquals(1, view.physical(info + 4, 4));
        assertEquals(1, view.physical(info + 12, 4));
        long list = view.physical(info + 16, 8);
        assertEquals('A', view.physical(view.physical(list, 8), 1));
        assertEquals(3, view.physical(list + 8, 8));
        assertEquals('q', view.physical(view.physical(info + 24, 8), 1));
        assertEquals(0x2052545020445352L, view.physical(view.physical(info + 32, 8), 8));
        assertEquals(image.memoryMap().size(), view.physical(info + 48, 4));
        long map = view.physical(info + 40, 8);
        assertEquals(image.memoryMap().get(1).base(), view.physical(map + 24, 8));
        assertEquals(image.memoryMap().get(1).type().e820(), view.physical(map + 40, 4));
    }

    @Test
    void theNoteIsFoundBehindOthers() throws BootException {
        byte[] notes =
                new ByteWriter(64)
                        .bytes(note("Linux", 18, 1))
                        .bytes(note("Xen", 5, 2))
                        .bytes(note("Xen", 18, ENTRY))
                        .toByteArray();

        assertEquals(ENTRY, boot(kernel().note(notes).build()).bsp().rip());
    }

    @Test
    void aSegmentOverTheBootInformationIsRefused() {
        byte[] file = kernel().load(0x20000, new byte[] {1}).note(note("Xen", 18, ENTRY)).build();

        assertEquals(
                "'k' loads a segment between 0x10000 and 0x90000, where boot information lies",
                assertThrows(BootException.class, () -> boot(file)).getMessage());
    }

    @Test
    void mutatedNotesAreBootedOrRefusedButNeverCrashTheLoader() {
        byte[] notes =
                new ByteWriter(64)
                        .bytes(note("Linux", 18, 1))
                        .bytes(note("Xen", 18, ENTRY))
                        .toByteArray();
        Random random = new Random(1);
        for (int round = 0; round < 5000; round++) {
            byte[] mutated = notes.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                boot(kernel().note(mutated).build());
            } catch (BootException e) {
                assertTrue(e.getMessage().startsWith("'k' "), e.getMessage());
            }
        }
    }

    private static TestElf kernel() {
        return TestElf.elf64()
                .entry(0x100_0000)
                .load(TestElf.BASE + 0x100_0000, 0x100_0000, new byte[] {7}, 0x1000, 7, 0x1000);
    }

    private static byte[] note(String owner, int type, long content) {
        return new ByteWriter(32)
                .u32(owner.length() + 1)
                .u32(Integer.BYTES)
                .u32(type)
                .string(owner)
                .align(4)
                .u32((int) content)
                .toByteArray();
    }

    private BootImage boot(byte[] file) throws BootException {
        return BootLoader.load(
                file,
                "k",
                "quiet",
                modules,
                MachineDescription.builder().build(),
                BootOptions.standard());
    }
}
