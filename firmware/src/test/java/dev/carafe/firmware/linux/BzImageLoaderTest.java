package dev.carafe.firmware.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.ProcessorStart.WaitForSipi;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "The Linux/x86 Boot Protocol" and "Zero Page" of the kernel's documentation. */
class BzImageLoaderTest {
    private static final long ZERO_PAGE = 0x10000;
    private static final long LOAD = 0x100_0000;

    private final MachineDescription.Builder machine = MachineDescription.builder();
    private List<ModuleFile> modules = List.of();
    private static final String COMMAND_LINE = "console=ttyS0";

    @Test
    void theKernelStandsAtItsPreferredAddressAndBeginsAtThe64BitEntry() throws BootException {
        BootImage image = boot(new TestBzImage());
        GuestView view = new GuestView(image);
        InitialState bsp = image.bsp();

        assertEquals("Linux", image.protocol());
        assertEquals(0x0BAD_CAFE, view.physical(LOAD, 4));
        assertEquals(0x600D_CAFE, view.physical(LOAD + 0xFFC, 4));
        assertEquals(LOAD + 0x200, bsp.rip());
        assertEquals(ZERO_PAGE, bsp.general(InitialState.RSI));
        assertEquals(0x80000011L, bsp.cr0());
        assertEquals(0x20, bsp.cr4());
        assertEquals(0x500, bsp.efer());
        assertEquals(0x10, bsp.cs().selector());
        assertEquals(0xA09B, bsp.cs().attributes());
        assertEquals(0x18, bsp.ss().selector());
        assertEquals(0x00AF9B000000FFFFL, view.physical(bsp.gdtr().base() + 0x10, 8));
        assertEquals(0x00CF93000000FFFFL, view.physical(bsp.gdtr().base() + 0x18, 8));
    }

    @Test
    void theLowestFourGibibytesAreMappedToThemselves() throws BootException {
        GuestView view = new GuestView(boot(new TestBzImage()));

        for (long address : new long[] {0, 0x7C00, LOAD, 0xFEE0_0000L, 0xFFFF_FFFFL}) {
            assertEquals(address, view.translate(address));
        }
        assertEquals(GuestView.NOT_MAPPED, view.translate(1L << 32));
    }

    @Test
    void aKernelWithoutA64BitEntryBeginsInProtectedMode() throws BootException {
        BootImage image = boot(new TestBzImage().patch16(0x236, 0));
        InitialState bsp = image.bsp();

        assertEquals(LOAD, bsp.rip());
        assertEquals(0x11, bsp.cr0());
        assertEquals(0, bsp.efer());
        assertEquals(ZERO_PAGE, bsp.general(InitialState.RSI));
        assertEquals(0, bsp.general(InitialState.RBP));
        assertEquals(0, bsp.general(InitialState.RDI));
        assertEquals(0, bsp.general(InitialState.RBX));
        assertEquals(0xC09B, bsp.cs().attributes());
        assertEquals(
                0x00CF9B000000FFFFL,
                new GuestView(image).physical(bsp.gdtr().base() + bsp.cs().selector(), 8));
    }

    @Test
    void theHeaderIsCopiedAndTheLoaderNamesItself() throws BootException {
        GuestView view = new GuestView(boot(new TestBzImage()));

        assertEquals(0x5372_6448, view.physical(ZERO_PAGE + 0x202, 4));
        assertEquals(0x20F, view.physical(ZERO_PAGE + 0x206, 2));
        assertEquals(0xFF, view.physical(ZERO_PAGE + 0x210, 1));
        assertEquals(0xFFFF, view.physical(ZERO_PAGE + 0x1FA, 2));
        assertEquals(LOAD, view.physical(ZERO_PAGE + 0x214, 4));
        assertEquals(0, view.physical(ZERO_PAGE + 0x1EF, 1), "sentinel");
        assertEquals("console=ttyS0", string(view, view.physical(ZERO_PAGE + 0x228, 4)));
    }

    @Test
    void theMapAndTheRsdpAreTheFirmwares() throws BootException {
        machine.ramBytes(4L << 30);
        BootImage image = boot(new TestBzImage());
        GuestView view = new GuestView(image);
        int entries = (int) view.physical(ZERO_PAGE + 0x1E8, 1);

        assertEquals(image.memoryMap().size(), entries);
        for (int i = 0; i < entries; i++) {
            long at = ZERO_PAGE + 0x2D0 + 20L * i;
            assertEquals(image.memoryMap().get(i).base(), view.physical(at, 8));
            assertEquals(image.memoryMap().get(i).length(), view.physical(at + 8, 8));
            assertEquals(image.memoryMap().get(i).type().e820(), view.physical(at + 16, 4));
        }
        long rsdp = view.physical(ZERO_PAGE + 0x70, 8);
        assertEquals(0x2052545020445352L, view.physical(rsdp, 8), "RSD PTR");
    }

    @Test
    void theScreenIsALinearFramebuffer() throws BootException {
        machine.framebuffer(FramebufferDescription.standard());
        GuestView view = new GuestView(boot(new TestBzImage()));

        assertEquals(0x23, view.physical(ZERO_PAGE + 0x0F, 1));
        assertEquals(1280, view.physical(ZERO_PAGE + 0x12, 2));
        assertEquals(800, view.physical(ZERO_PAGE + 0x14, 2));
        assertEquals(32, view.physical(ZERO_PAGE + 0x16, 2));
        assertEquals(0xFD00_0000L, view.physical(ZERO_PAGE + 0x18, 4));
        assertEquals(63, view.physical(ZERO_PAGE + 0x1C, 4), "units of 64 KiB, rounded up");
        assertEquals(5120, view.physical(ZERO_PAGE + 0x24, 2));
        assertEquals(0x1008, view.physical(ZERO_PAGE + 0x26, 2), "red: 8 bits from bit 16");
        assertEquals(0x0008, view.physical(ZERO_PAGE + 0x2A, 2), "blue");
    }

    @Test
    void theSeedIsASetupDataEntryThatFollowsTheInjectedOne() throws BootException {
        GuestView view = new GuestView(boot(new TestBzImage()));
        long data = view.physical(ZERO_PAGE + 0x250, 8);

        assertEquals(0, view.physical(data, 8), "the last of its list");
        assertEquals(9, view.physical(data + 8, 4));
        assertEquals(32, view.physical(data + 12, 4));
        GuestView other =
                new GuestView(
                        load(new TestBzImage().build(), BootOptions.standard().withEntropySeed(1)));
        assertNotEquals(view.physical(data + 16, 8), other.physical(data + 16, 8));
        assertEquals(
                view.physical(data + 16, 8),
                new GuestView(boot(new TestBzImage())).physical(data + 16, 8),
                "the same seed gives the same words");
    }

    @Test
    void initrdsAreJoinedAtFourByteBoundariesAndStandHigh() throws BootException {
        modules =
                List.of(
                        new ModuleFile("one", "", "ABCDE".getBytes()),
                        new ModuleFile("two", "", "FGH".getBytes()));
        GuestView view = new GuestView(boot(new TestBzImage()));
        long start = view.physical(ZERO_PAGE + 0x218, 4);

        assertEquals(11, view.physical(ZERO_PAGE + 0x21C, 4));
        assertEquals(0, start & 0xFFF);
        assertTrue(start > 0xF00_0000L, "near the top of 256 MiB: " + Long.toHexString(start));
        assertEquals('E', view.physical(start + 4, 1));
        assertEquals('F', view.physical(start + 8, 1));
    }

    @Test
    void anInitrdStaysBelowTheKernelsLimit() throws BootException {
        modules = List.of(new ModuleFile("one", "", new byte[0x1800]));
        GuestView view = new GuestView(boot(new TestBzImage().patch32(0x22C, 0x37F_FFFF)));

        assertEquals(0x37F_E000, view.physical(ZERO_PAGE + 0x218, 4));
    }

    @Test
    void aRelocatableKernelGoesLowerWhenItsPreferredPlaceIsNotThere() throws BootException {
        machine.ramBytes(12 << 20);

        assertEquals(0x20_0200, boot(new TestBzImage()).bsp().rip());
    }

    @Test
    void aKernelThatCannotMoveStandsWhereItMust() throws BootException {
        assertEquals(0x10_0200, boot(new TestBzImage().patch8(0x234, 0)).bsp().rip());
    }

    @Test
    void otherProcessorsWaitForTheirStartupMessage() throws BootException {
        machine.cpus(3);

        assertEquals(
                List.of(new WaitForSipi(1), new WaitForSipi(2)),
                boot(new TestBzImage()).applicationProcessors());
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            0x206 | 2 | 0x201     | 'k' is a Linux kernel of boot protocol 2.01, 2.02 or later is needed
            0x211 | 1 | 0         | 'k' is a zImage, which must be loaded low: a bzImage is needed
            0x1F4 | 4 | 0x10000   | 'k' is truncated: its setup header promises 0x1005f1 bytes, the file has 0x1600
            0x1F1 | 1 | 0xFF      | 'k' is truncated: its setup header promises 0x20ff1 bytes, the file has 0x1600
            0x230 | 4 | 0x300000  | 'k' wants to be loaded at a multiple of 0x300000, which is not a power of two
            0x260 | 4 | 0x7fffffff | 'k' needs 0x7fffffff bytes of memory at 0x200000, which do not fit into guest RAM below 0xfffe000
            0x238 | 4 | 5         | the command line has 13 bytes, 'k' takes at most 5
            """)
    void aBadHeaderIsRefusedInOneSentence(String at, int size, String value, String message) {
        byte[] file = new TestBzImage().build();
        for (int i = 0; i < size; i++) {
            file[Integer.decode(at) + i] = (byte) (Long.decode(value) >> 8 * i);
        }

        assertRefused(message, file);
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() {
        byte[] file = new TestBzImage().build();
        for (int length = 0x206; length < file.length - 16; length += 97) {
            byte[] part = Arrays.copyOf(file, length);
            BootException refusal = assertThrows(BootException.class, () -> load(part));
            assertTrue(refusal.getMessage().startsWith("'k' is truncated: "), refusal.getMessage());
        }
    }

    @Test
    void anInitrdThatDoesNotFitIsNamed() {
        machine.ramBytes(32 << 20);
        modules = List.of(new ModuleFile("big", "", new byte[24 << 20]));

        assertRefused(
                "initrd 'big' of 25165824 bytes does not fit into guest RAM between 0x1400000,"
                        + " where the kernel ends, and 0x1ffe000",
                new TestBzImage().build());
    }

    @Test
    void anInitrdWithACommandLineIsRefused() {
        modules = List.of(new ModuleFile("one", "text", new byte[1]));

        assertRefused(
                "initrd 'one' has the command line 'text', but a Linux kernel takes none with it",
                new TestBzImage().build());
    }

    @Test
    void mutatedHeadersAreBootedOrRefusedButNeverCrashTheLoader() {
        Random random = new Random(2026);
        int booted = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] file = new TestBzImage().build();
            for (int i = random.nextInt(4); i >= 0; i--) {
                file[0x1F0 + random.nextInt(0x80)] = (byte) random.nextInt(256);
            }
            booted += BzImageLoader.accepts(file) && boots(file) ? 1 : 0;
        }
        assertTrue(booted > 1000, "most mutations are harmless: " + booted);
    }

    private boolean boots(byte[] file) {
        try {
            load(file);
            return true;
        } catch (BootException e) {
            assertTrue(e.getMessage().indexOf('\n') < 0, e.getMessage());
            return false;
        }
    }

    private void assertRefused(String message, byte[] file) {
        assertEquals(message, assertThrows(BootException.class, () -> load(file)).getMessage());
    }

    private BootImage boot(TestBzImage image) throws BootException {
        return load(image.build());
    }

    private BootImage load(byte[] file) throws BootException {
        return load(file, BootOptions.standard());
    }

    private BootImage load(byte[] file, BootOptions options) throws BootException {
        return BootLoader.load(file, "k", COMMAND_LINE, modules, machine.build(), options);
    }

    private static String string(GuestView view, long at) {
        StringBuilder text = new StringBuilder();
        for (long i = at; view.physical(i, 1) != 0; i++) {
            text.append((char) view.physical(i, 1));
        }
        return text.toString();
    }
}
