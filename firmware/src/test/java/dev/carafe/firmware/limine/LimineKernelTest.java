package dev.carafe.firmware.limine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryType;
import dev.carafe.firmware.TestElf;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which executables are taken and how they are laid out. */
class LimineKernelTest {
    private static final long BASE = TestElf.BASE;
    private static final int RX = 5;
    private static final int RW = 6;
    private static final int R = 4;

    @Test
    void segmentsAreMappedWithTheirOwnRights() throws BootException {
        TestElf elf = TestElf.elf64().entry(BASE + 0x10);
        elf.load(BASE, 0x100000, new byte[0x1800], 0x1800, RX, 0x1000);
        elf.load(BASE + 0x2000, 0x9999000, new byte[] {1}, 1, R, 0x1000);
        elf.load(BASE + 0x3000, 0, new byte[] {2}, 0x3000, RW, 0x1000);
        BootImage image = boot(elf);
        GuestView view = new GuestView(image);

        assertEquals(BASE + 0x10, image.bsp().rip());
        long physical = view.translate(BASE);
        assertEquals(
                physical + 0x2000,
                view.translate(BASE + 0x2000),
                "one constant offset, p_paddr is ignored");
        assertEquals(physical + 0x5FFF, view.translate(BASE + 0x5FFF), "bss is mapped");
        assertEquals(GuestView.NOT_MAPPED, view.translate(BASE + 0x6000));
        assertEquals(0, view.leaf(BASE) & 2, "text is not writable");
        assertEquals(0, view.leaf(BASE) >>> 63, "text is executable");
        assertEquals(1, view.leaf(BASE + 0x2000) >>> 63, "read-only data is not executable");
        assertEquals(0, view.leaf(BASE + 0x2000) & 2);
        assertEquals(2, view.leaf(BASE + 0x3000) & 2, "data is writable");
        assertEquals(1, view.leaf(BASE + 0x3000) >>> 63);
        assertEquals(0, view.leaf(BASE) & 0x164, "no user, accessed, dirty or global bit");
        assertEquals(MemoryType.EXECUTABLE_AND_MODULES, view.typeAt(physical));
        assertEquals(MemoryType.EXECUTABLE_AND_MODULES, view.typeAt(physical + 0x5000));
    }

    @Test
    void theImageIsAlignedToTheLargestAlignmentOfItsSegments() throws BootException {
        TestElf elf = TestElf.elf64().load(BASE, 0, new byte[8], 8, 7, 0x200000);

        assertEquals(0, new GuestView(boot(elf)).translate(BASE) & 0x1FFFFF);
    }

    @Test
    void aPositionIndependentKernelInTheLowerHalfSlidesToTheLimit() throws BootException {
        BootImage image = boot(relocatable(0x4000, 8));
        GuestView view = new GuestView(image);

        assertEquals(BASE - 0x4000, image.kernelSlide());
        assertEquals(BASE + 0x20, image.bsp().rip());
        assertEquals(
                BASE + 0x123,
                view.read64(BASE + 0x100),
                "R_X86_64_RELATIVE adds the slide to the addend");
    }

    @Test
    void aPositionIndependentKernelInTheHigherHalfStaysWhereItIs() throws BootException {
        BootImage image = boot(relocatable(BASE + 0x20_0000, 8));

        assertEquals(0, image.kernelSlide());
        assertEquals(
                0x4123,
                new GuestView(image).read64(BASE + 0x20_0100),
                "the addend with a slide of zero");
    }

    @Test
    void anUnsupportedRelocationIsRefusedByNumber() {
        assertRefused(
                "has a relocation of the unsupported type 37 at 0x4100", relocatable(0x4000, 37));
    }

    @Test
    void aNeededLibraryIsRefused() {
        byte[] bytes = TestElf.words(1, 5, 0, 0);
        assertRefused(
                "needs a shared library",
                TestElf.elf64().type(3).load(0, bytes).dynamic(0, bytes.length));
    }

    @Test
    void relrTableRelocatesWordsAndBitmaps() throws BootException {
        long[] words = new long[0x40];
        words[0] = 36; // DT_RELR
        words[1] = 0x80;
        words[2] = 35; // DT_RELRSZ
        words[3] = 16;
        words[0x10] = 0x100; // address, then a bitmap for the words behind it
        words[0x11] = 0b101 << 1 | 1;
        words[0x20] = 0x11;
        words[0x21] = 0x22;
        words[0x22] = 0x33;
        words[0x23] = 0x44;
        BootImage image =
                boot(TestElf.elf64().type(3).load(0, TestElf.words(words)).dynamic(0, 0x40));
        GuestView view = new GuestView(image);

        assertEquals(BASE + 0x11, view.read64(BASE + 0x100));
        assertEquals(BASE + 0x22, view.read64(BASE + 0x108));
        assertEquals(0x33, view.read64(BASE + 0x110), "its bit is clear");
        assertEquals(BASE + 0x44, view.read64(BASE + 0x118));
    }

    @Test
    void symbolsAreResolvedAndUndefinedWeakOnesAreZero() throws BootException {
        BootImage image = boot(withSymbol(0x10, 7));
        assertEquals(BASE + 0x345, new GuestView(image).read64(BASE + 0x100), "value plus slide");

        BootImage weak = boot(withSymbol(0x20, 0));
        assertEquals(0, new GuestView(weak).read64(BASE + 0x100));

        assertRefused("undefined symbol number 1", withSymbol(0x10, 0));
    }

    @Test
    void whatCannotBeBootedIsRefusedWithTheOffendingValue() {
        assertRefused(
                "has a segment at 0x400000, but a Limine kernel must lie at or above 0xffffffff80000000",
                TestElf.elf64().load(0x400000, new byte[8]));
        assertRefused(
                "is for ELF machine 183, not for x86-64 (62)",
                TestElf.elf64().machine(183).load(BASE, new byte[8]));
        assertRefused("is a 32-bit ELF file", TestElf.elf32().load(0x100000, new byte[8]));
        assertRefused(
                "has ELF type 1, which is not an executable",
                TestElf.elf64().type(1).load(BASE, new byte[8]));
        assertRefused("has no loadable segment", TestElf.elf64());
        assertRefused(
                "has a segment at 0xffffffff80000000 that overlaps or precedes",
                TestElf.elf64().load(BASE, new byte[0x1001]).load(BASE, new byte[8]));
        assertRefused(
                "shares an alignment unit of 0x1000 bytes",
                TestElf.elf64()
                        .load(BASE, 0, new byte[8], 8, RX, 0x1000)
                        .load(BASE + 8, 0, new byte[8], 8, RW, 0x1000));
        assertRefused(
                "alignment 0x3000, which is not a power of two",
                TestElf.elf64().load(BASE, 0, new byte[8], 8, RX, 0x3000));
        assertRefused(
                "wraps around the address space",
                TestElf.elf64().load(-0x1000, 0, new byte[8], 0x2000, RX, 0x1000));
        assertRefused(
                "0x40000000 bytes aligned to 0x1000, which do not fit into the guest's 0x10000000 bytes of RAM",
                TestElf.elf64().load(BASE, 0, new byte[8], 0x4000_0000, RW, 0x1000));
        assertRefused(
                "has segments in the lower and in the higher half",
                TestElf.elf64()
                        .type(3)
                        .load(0, new byte[16])
                        .load(BASE, new byte[8])
                        .dynamic(0, 16));
    }

    @Test
    void segmentsOfEqualRightsMayShareAPage() throws BootException {
        TestElf elf = TestElf.elf64().load(BASE, new byte[] {1}).load(BASE + 8, new byte[] {2});

        assertEquals(
                0x0201,
                new GuestView(boot(elf)).read64(BASE) & 0xFF
                        | new GuestView(boot(elf)).read64(BASE + 8) << 8);
    }

    private static TestElf withSymbol(int info, int section) {
        long[] words = new long[0x40];
        long[] dynamic = {7, 0x80, 8, 24, 6, 0xC0, 0, 0};
        System.arraycopy(dynamic, 0, words, 0, dynamic.length);
        words[0x10] = 0x100;
        words[0x11] = 1L << 32 | 6; // R_X86_64_GLOB_DAT against symbol 1
        words[0x1B] = (long) info << 32 | (long) section << 48; // the symbol's st_info and st_shndx
        words[0x1C] = 0x345;
        return TestElf.elf64().type(3).load(0, TestElf.words(words)).dynamic(0, 0x40);
    }

    /** One relocation of the word at base + 100H with the addend 4123H. */
    private static TestElf relocatable(long base, int relocation) {
        long[] words = new long[0x30];
        long[] dynamic = {7, base + 0x80, 8, 24, 9, 24, 0, 0};
        System.arraycopy(dynamic, 0, words, 0, dynamic.length);
        words[0x10] = base + 0x100;
        words[0x11] = relocation;
        words[0x12] = 0x4123;
        return TestElf.elf64()
                .type(3)
                .entry(base + 0x20)
                .load(base, TestElf.words(words))
                .dynamic(base, 0x40);
    }

    private static void assertRefused(String part, TestElf elf) {
        BootException refusal = assertThrows(BootException.class, () -> boot(elf));
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertTrue(refusal.getMessage().startsWith("'kernel' "), refusal.getMessage());
    }

    private static BootImage boot(TestElf elf) throws BootException {
        MachineDescription machine = MachineDescription.builder().build();
        return LimineBoot.load(
                elf.build(), "kernel", "", List.of(), machine, BootOptions.standard());
    }
}
