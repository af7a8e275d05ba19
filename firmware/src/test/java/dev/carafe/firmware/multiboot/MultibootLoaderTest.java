package dev.carafe.firmware.multiboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestView;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.ProcessorStart.WaitForSipi;
import dev.carafe.firmware.TestElf;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Multiboot Specification 0.6.96, "OS image format", "Machine state", "Boot information format".
 */
class MultibootLoaderTest {
    private static final int MAGIC = 0x1BADB002;
    private static final long INFO = 0x9500;

    private final MachineDescription.Builder machine = MachineDescription.builder();
    private List<ModuleFile> modules = List.of();

    @Test
    void anElf32KernelGoesToItsPhysicalAddress() throws BootException {
        BootImage image = boot(elf32(0x100000, 0).entry(0x100020));
        GuestView view = new GuestView(image);

        assertEquals(MAGIC, view.physical(0x100000, 4));
        assertEquals(0, view.physical(0x100100, 4), "bss");
        assertEquals(0x100020, image.bsp().rip());
    }

    @Test
    void aVirtualEntryPointIsTranslatedByItsSegment() throws BootException {
        TestElf elf =
                TestElf.elf32()
                        .entry(0xC0100010L)
                        .load(0xC0100000L, 0x100000, header(0), 0x1000, 7, 0x1000);

        assertEquals(0x100010, boot(elf).bsp().rip());
    }

    @Test
    void anElf64KernelIsLoadedTooAndEnteredIn32Bits() throws BootException {
        TestElf elf =
                TestElf.elf64()
                        .entry(0x100010)
                        .load(0x100000, 0x100000, header(0), 0x1000, 7, 0x1000);
        BootImage image = boot(elf);

        assertEquals(0x100010, image.bsp().rip());
        assertEquals(0, image.bsp().efer());
    }

    @Test
    void registersAreThoseOfTheSpecification() throws BootException {
        machine.cpus(3);
        BootImage image = boot(elf32(0x100000, 0));
        InitialState bsp = image.bsp();

        assertEquals(0x2BADB002L, bsp.general(InitialState.RAX));
        assertEquals(INFO, bsp.general(InitialState.RBX));
        assertEquals(0x11, bsp.cr0(), "protected mode without paging");
        assertEquals(0, bsp.cr4());
        assertEquals(2, bsp.rflags());
        assertEquals(0xC09B, bsp.cs().attributes());
        assertEquals(0xC093, bsp.ss().attributes());
        assertEquals(-1, bsp.ds().limit());
        assertEquals(8, bsp.cs().selector());
        assertEquals(0x10, bsp.gs().selector());
        assertEquals(
                List.of(new WaitForSipi(1), new WaitForSipi(2)), image.applicationProcessors());
    }

    @Test
    void informationHasMemoryCommandLineMapAndName() throws BootException {
        GuestView view = new GuestView(boot(elf32(0x100000, 3)));

        assertEquals(0x24F, view.physical(INFO, 4));
        assertEquals(640, view.physical(INFO + 4, 4));
        long upper = view.physical(INFO + 8, 4);
        assertTrue(
                upper > 254 * 1024 && upper < 255 * 1024,
                "256 MiB less one, less the ACPI tables: " + upper);
        assertEquals(0x8000FFFFL, view.physical(INFO + 12, 4));
        assertEquals("k.elf some args", string(view, view.physical(INFO + 16, 4)));
        assertEquals(0, view.physical(INFO + 20, 4));
        assertEquals(0x9000, view.physical(INFO + 48, 4));
        assertEquals("Carafe", string(view, view.physical(INFO + 64, 4)));
    }

    @Test
    void memoryMapIsTheFirmwares() throws BootException {
        machine.ramBytes(4L << 30);
        GuestView view = new GuestView(boot(elf32(0x100000, 0)));
        long length = view.physical(INFO + 44, 4);
        StringBuilder map = new StringBuilder();
        for (long at = 0x9000; at < 0x9000 + length; at += view.physical(at, 4) + 4) {
            map.append(Long.toHexString(view.physical(at + 4, 8)))
                    .append('+')
                    .append(Long.toHexString(view.physical(at + 12, 8)))
                    .append(':')
                    .append(view.physical(at + 20, 4))
                    .append(' ');
        }

        assertTrue(
                map.toString().startsWith("0+9fc00:1 9fc00+400:2 f0000+10000:2 100000+"),
                map.toString());
        assertTrue(map.toString().contains("7ffff000+1000:4 "), "FACS");
        assertTrue(map.toString().contains("100000000+80000000:1 "), "RAM above 4 GiB");
        assertTrue(length <= 0x500, "fits below the information structure");
    }

    @Test
    void modulesFollowTheKernelOnPageBoundaries() throws BootException {
        modules =
                List.of(
                        new ModuleFile("env", "a=b", "ABCD".getBytes()),
                        new ModuleFile("second", "", new byte[0x1001]));
        GuestView view = new GuestView(boot(elf32(0x400000, 1)));
        long list = view.physical(INFO + 24, 4);

        assertEquals(2, view.physical(INFO + 20, 4));
        assertEquals(0x401000, view.physical(list, 4));
        assertEquals(0x401004, view.physical(list + 4, 4));
        assertEquals("env a=b", string(view, view.physical(list + 8, 4)));
        assertEquals(0x44434241, view.physical(0x401000, 4));
        assertEquals(0x402000, view.physical(list + 16, 4));
        assertEquals(0x403001, view.physical(list + 20, 4));
        assertEquals("second", string(view, view.physical(list + 24, 4)));
    }

    @Test
    void addressesInTheHeaderReplaceProgramHeaders() throws BootException {
        ByteWriter out = new ByteWriter(64).u64(0x1122334455667788L);
        headerWords(out, 1 << 16)
                .u32(0x200008)
                .u32(0x200004)
                .u32(0x200030)
                .u32(0x201000)
                .u32(0x200028);
        byte[] file = out.zeros(64).toByteArray();
        BootImage image = boot(file);
        GuestView view = new GuestView(image);

        assertEquals(
                0x11223344,
                view.physical(0x200004, 4),
                "four bytes before the header belong to it");
        assertEquals(MAGIC, view.physical(0x200008, 4));
        assertEquals(0x200028, image.bsp().rip());
    }

    @Test
    void withoutLoadEndTheWholeFileIsLoaded() throws BootException {
        ByteWriter out = headerWords(new ByteWriter(64), 1 << 16);
        byte[] file =
                out.u32(0x200000)
                        .u32(0x200000)
                        .u32(0)
                        .u32(0)
                        .u32(0x200020)
                        .u32(0xABCD)
                        .toByteArray();

        assertEquals(0xABCD, new GuestView(boot(file)).physical(0x200020, 4));
    }

    @Test
    void whatCannotBeBootedIsRefusedWithTheOffendingValue() {
        assertRefused("requires the Multiboot features 0x20", elf32(0x100000, 0x20).build());
        assertRefused("where the BIOS data area lies", elf32(0, 0).build());
        assertRefused("where BIOS and video memory lies", elf32(0xA0000, 0).build());
        assertRefused(
                "at 0xf0000000, which do not fit into guest RAM", elf32(0xF0000000L, 0).build());
        assertRefused("has no loadable segment", twoHeadersWithoutSegments());
        assertRefused(
                "has no Multiboot header", TestElf.elf32().load(0x100000, new byte[16]).build());
        assertRefused(
                "where another segment lies",
                elf32(0x100000, 0).load(0x100800, new byte[16]).build());
        assertRefused("is for ELF machine 40", elf32(0x100000, 0).machine(40).build());
        ByteWriter bad =
                headerWords(new ByteWriter(64), 1 << 16).u32(0x100000).u32(0x200000).zeros(12);
        assertRefused(
                "header address 0x100000 that does not fit its load address 0x200000",
                bad.toByteArray());
        ByteWriter shortFile =
                headerWords(new ByteWriter(64), 1 << 16)
                        .u32(0x200000)
                        .u32(0x200000)
                        .u32(0x300000)
                        .zeros(8);
        assertRefused("is truncated: it should be loaded up to 0x300000", shortFile.toByteArray());
    }

    @Test
    void bootInformationMovesAwayFromAKernelInLowMemory() throws BootException {
        InitialState bsp = boot(elf32(0x9000, 0)).bsp();
        assertEquals(0x9E500, bsp.general(InitialState.RBX));
        assertEquals(0x9E580, bsp.gdtr().base());

        TestElf everywhere = TestElf.elf32().load(0x1000, 0x1000, header(0), 0x9E000, 7, 0x1000);
        assertRefused("leaves no page below 0x9fc00 for boot information", everywhere.build());
    }

    @Test
    void aModuleThatDoesNotFitIsNamed() {
        machine.type(MachineType.PC).ramBytes(4 << 20);
        modules = List.of(new ModuleFile("big", "", new byte[4 << 20]));

        assertRefused("no room for the 4194304 bytes of module big", elf32(0x100000, 0).build());
    }

    @Test
    void aHeaderWithAWrongChecksumIsNoHeader() {
        byte[] file = new ByteWriter(32).u32(MAGIC).u32(0).u32(5).zeros(20).toByteArray();

        assertTrue(!MultibootLoader.hasHeader(file));
        assertTrue(MultibootLoader.hasHeader(header(0)));
    }

    private static byte[] twoHeadersWithoutSegments() {
        return TestElf.elf32().section("x", 1, 0, header(0), 0).build();
    }

    private static TestElf elf32(long physical, int flags) {
        return TestElf.elf32()
                .entry(physical)
                .load(physical, physical, header(flags), 0x1000, 7, 0x1000);
    }

    private static byte[] header(int flags) {
        return headerWords(new ByteWriter(64), flags).zeros(52).toByteArray();
    }

    private static ByteWriter headerWords(ByteWriter out, int flags) {
        return out.u32(MAGIC).u32(flags).u32(-(MAGIC + flags));
    }

    private static String string(GuestView view, long address) {
        StringBuilder text = new StringBuilder();
        for (long at = address; view.physical8(at) != 0; at++) {
            text.append((char) view.physical8(at));
        }
        return text.toString();
    }

    private void assertRefused(String part, byte[] file) {
        String message = assertThrows(BootException.class, () -> boot(file)).getMessage();
        assertTrue(message.contains(part), message);
    }

    private BootImage boot(TestElf elf) throws BootException {
        return boot(elf.build());
    }

    private BootImage boot(byte[] file) throws BootException {
        return MultibootLoader.load(
                file, "k.elf", "some args", modules, machine.build(), BootOptions.standard());
    }
}
