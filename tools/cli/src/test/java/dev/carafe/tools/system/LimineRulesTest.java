package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promises of every base revision from 0 to 6, by the text: Limine PROTOCOL.md, "Base Revision
 * Changes Summary", "Memory Layout at Entry", "Machine State at Entry / x86-64", "MP
 * (Multiprocessor) Feature".
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimineRulesTest {
    private static final int NEWEST = 6;
    private static final int STRICT = 5; // from here on the state of every CPU is told to the bit
    private static final int BOOTLOADER = 5;
    private static final int RESERVED_MAPPED = 8;
    private static final long HHDM = TinyGuest.HHDM;
    private static final long FIRMWARE_SEGMENT = 0xF0000;

    private final Map<List<Integer>, Dump> dumps = new HashMap<>();

    static Stream<int[]> machines() {
        List<int[]> all = new ArrayList<>();
        for (int revision = 0; revision <= NEWEST; revision++) {
            all.add(new int[] {revision, 1});
            all.add(new int[] {revision, 4});
        }
        return all.stream();
    }

    private Dump dump(int revision, int cpus) {
        return dumps.computeIfAbsent(List.of(revision, cpus), key -> boot(revision, cpus));
    }

    private static Dump boot(int revision, int cpus) {
        PcMachine.Run run =
                PcMachine.bootingGuest("tests/limine-dump-rev" + revision + ".elf")
                        .model(MachineModel.Q35)
                        .cpus(cpus)
                        .memory(256)
                        .run();
        assertEquals(0x10 << 1 | 1, run.exitCode(), run::serial);
        return Dump.of(run.serial());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void theTagTellsTheRevisionInUse(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);

        assertEquals(machine[0], dump.number("base1"), "word 1: the revision used");
        assertEquals(0, dump.number("base2"), "word 2: granted");
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyCpuStartsInTheSameState(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);
        assertEntryState(dump, "BSP ", machine[0]);
        if (machine[1] > 1) {
            assertEntryState(dump, "AP ", machine[0]);
            assertEquals(dump.text("BSP cr3"), dump.text("AP cr3"), "one set of page tables");
            assertEquals(dump.text("mp_info[1] at"), dump.text("AP rdi"), "RDI is its mp_info");
            long stackEnd = dump.number("mp_info[1] resv");
            assertEquals(stackEnd - 8, dump.number("AP rsp"), "below a return address of 0");
        }
    }

    private static void assertEntryState(Dump dump, String cpu, int revision) {
        for (String register : "rax rbx rcx rdx rsi rbp r8 r9 r10 r11 r12 r13 r14 r15".split(" ")) {
            assertEquals(0, dump.number(cpu + register), cpu + register);
        }
        boolean taskState = revision >= STRICT; // its descriptor follows the other seven
        assertAll(
                () -> assertEquals(0x2, dump.number(cpu + "rflags"), "RFLAGS"),
                () -> assertEquals(0x8001_0011L, dump.number(cpu + "cr0"), "PG WP ET PE"),
                () -> assertEquals(0x20, dump.number(cpu + "cr4"), "PAE, nothing else"),
                () -> assertEquals(0xD00, dump.number(cpu + "efer"), "NXE LMA LME"),
                () -> assertEquals(0x1_0500_0704_06L, dump.number(cpu + "pat"), "PAT"),
                () -> assertEquals(0x28, dump.number(cpu + "cs"), "CS"),
                () -> assertEquals(0x30, dump.number(cpu + "ss"), "SS"),
                () -> assertEquals(0, dump.number(cpu + "ldtr"), "LDTR"),
                () -> assertEquals(0, dump.number(cpu + "idt.l"), "IDTR's limit"),
                () -> assertEquals(0, dump.number(cpu + "idt.b"), "IDTR's base"),
                () -> assertEquals(0, dump.number(cpu + "fsb"), "FS base"),
                () -> assertEquals(0, dump.number(cpu + "kgsb"), "KernelGSBase"),
                () -> assertEquals(taskState ? 0x38 : 0, dump.number(cpu + "tr"), "TR"),
                () -> assertEquals(taskState ? 0x47 : 0x37, dump.number(cpu + "gdt.l"), "GDT"),
                () -> assertEquals(0, dump.number(cpu + "ret"), "return address"),
                () -> assertEquals(8, dump.number(cpu + "rsp") & 0xF, "RSP modulo 16"));
        assertBootloaderMemory(dump, dump.number(cpu + "rsp") - HHDM, cpu + "stack");
        assertBootloaderMemory(dump, dump.number(cpu + "gdt.b") - HHDM, cpu + "GDT");
        assertBootloaderMemory(dump, dump.number(cpu + "cr3"), cpu + "page tables");
    }

    private static void assertBootloaderMemory(Dump dump, long address, String what) {
        assertEquals(BOOTLOADER, typeAt(dump, address), () -> what + " is bootloader-reclaimable");
    }

    private static int typeAt(Dump dump, long address) {
        return dump.memoryMap().stream()
                .filter(entry -> entry.covers(address))
                .findFirst()
                .map(Dump.Entry::type)
                .orElse(-1);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void localApicsAreMaskedAndEnabledSinceRevisionFive(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);
        boolean strict = machine[0] >= STRICT;

        assertEquals(0x1FF, dump.number("BSP LAPIC [0xf0]"), "SVR");
        assertEquals(strict ? 0x18700 : 0x8700, dump.number("BSP LAPIC [0x350]"), "LINT0: ExtINT");
        assertEquals(strict ? 0x10400 : 0x8400, dump.number("BSP LAPIC [0x360]"), "LINT1: NMI");
        if (machine[1] > 1) {
            assertEquals(strict ? 0x1FF : 0xFF, dump.number("AP LAPIC [0xf0]"), "SVR");
            assertEquals(0x10000, dump.number("AP LAPIC [0x350]"), "LINT0");
            assertEquals(strict ? 0x10400 : 0x10000, dump.number("AP LAPIC [0x360]"), "LINT1");
        }
        for (int pin = 0; pin < 24; pin++) {
            assertEquals(0x10000, dump.number("IOAPIC[" + (0x10 + 2 * pin) + "]"), "masked");
        }
        assertEquals("0xff 0xff", dump.text("PIC[0]") + " " + dump.text("PIC[1]"), "8259 masks");
    }

    @ParameterizedTest
    @MethodSource("machines")
    void onlyRevisionThreeHandsOverPhysicalTablePointers(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);
        long base = machine[0] == 3 ? 0 : HHDM;
        long smbiosBase = machine[0] == 3 || machine[0] == 4 ? 0 : HHDM;

        assertEquals(FIRMWARE_SEGMENT, dump.number("rsdp") - base & 0xFFFF_FFFF_FFFF_0000L, "RSDP");
        assertEquals(FIRMWARE_SEGMENT, dump.number("smb") - smbiosBase & 0xFFFF_FFFF_FFFF_0000L);
        assertEquals(FIRMWARE_SEGMENT, dump.number("smb64") - smbiosBase & 0xFFFF_FFFF_FFFF_0000L);
        int expected = machine[0] >= 4 ? RESERVED_MAPPED : 1;
        assertEquals(expected, typeAt(dump, FIRMWARE_SEGMENT), "type 8 is new in revision 4");
    }

    @ParameterizedTest
    @MethodSource("machines")
    void theMemoryMapIsSortedAndItsUsableEntriesAreWholePages(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);
        long end = 0;
        for (Dump.Entry entry : dump.memoryMap()) {
            long before = end;
            assertTrue(entry.start() >= before, () -> entry + " overlaps or is out of order");
            if (entry.type() == 0 || entry.type() == BOOTLOADER) {
                assertEquals(0, (entry.start() | entry.end()) & 0xFFF, entry::toString);
            }
            end = entry.end();
        }
        assertTrue(typeAt(dump, 0) != 0, "page 0 is never usable here");
        assertEquals(6, typeAt(dump, dump.number("kphys")), "the kernel's own entry");
        assertEquals(7, typeAt(dump, dump.number("fb") - HHDM), "the framebuffer's own entry");
    }

    @ParameterizedTest
    @MethodSource("machines")
    void mpListsEveryCpuAndNobodyIsReleased(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);

        assertEquals(machine[1], dump.number("n"), "CPUs, the bootstrap processor included");
        assertEquals(0, dump.number("bsp"), "APIC ID of the bootstrap processor");
        assertEquals(0, dump.number("flags"), "x2APIC was not asked for");
        for (int cpu = 0; cpu < machine[1]; cpu++) {
            String info = "mp_info[" + cpu + "] ";
            assertEquals(cpu, dump.number(info + "lapic"));
            assertEquals(0, dump.number(info + "goto"));
            long stack = dump.number(info + "resv");
            assertEquals(cpu == 0, stack == 0, "reserved: an AP's stack");
            assertBootloaderMemory(dump, dump.number(info + "at") - HHDM, info);
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aPcWithBiosAnswersWhatItCanAndLeavesTheRestAlone(int[] machine) {
        Dump dump = dump(machine[0], machine[1]);

        for (String absent : "efist efimap dtb tpm".split(" ")) {
            assertEquals("none", dump.text("more " + absent), absent);
        }
        for (String there : "firmware stack cmdline performance keepiommu tsc entropy".split(" ")) {
            assertEquals(0, dump.number("more " + there + ".rev"), there);
        }
        assertEquals(0, dump.number("more firmware.0"), "x86 BIOS");
        assertEquals(4, dump.number("more entropy.0"), "as many words as were asked for");
        assertEquals(1_000_000_000L, dump.number("more tsc.0"), "Hz");
        assertEquals(0, dump.number("module"), "no module, no response");
        assertEquals(1, dump.number("fbrev"));
    }

    /** Each address, and in which base revisions a load from it works. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "identity mapped first page,      0000000000000000, ''",
        "identity mapped low memory,      0000000000001000, 0",
        "identity mapped RAM,             0000000001000000, 0",
        "identity mapped local APIC,      00000000FEE00030, 0",
        "RAM in the HHDM,                 FFFF800000100000, 0123456",
        "framebuffer in the HHDM,         FFFF8000FD000000, 0123456",
        "local APIC in the HHDM,          FFFF8000FEE00030, 012",
        "I/O APIC in the HHDM,            FFFF8000FEC00000, 012",
        "HPET in the HHDM,                FFFF8000FED00000, 012",
        "VGA memory in the HHDM,          FFFF8000000A0000, 012",
        "RSDP in the HHDM,                FFFF8000000F0010, 012456",
        "a hole in the HHDM,              FFFF8000A0000000, 012",
        "the first entry above 4 GiB,     FFFF80FD00000000, 0",
        "past the HHDM,                   FFFFA00000000000, ''",
    })
    void exactlyTheMemoryOfTheRevisionIsMapped(String what, String address, String revisions) {
        long at = Long.parseUnsignedLong(address, 16);
        StringBuilder mapped = new StringBuilder();
        for (int revision = 0; revision <= NEWEST; revision++) {
            byte[] guest = TinyGuest.revision(revision).load(at).exit(0).elf();
            Outcome outcome = PcMachine.booting(guest).run().outcome();
            if (outcome instanceof Outcome.Exit) {
                mapped.append(revision);
            } else {
                assertInstanceOf(Outcome.TripleFault.class, outcome, "IDTR is empty");
            }
        }

        assertEquals(
                revisions, mapped.toString(), () -> "revisions in which " + what + " is mapped");
    }

    @Test
    void aNewerRevisionThanAnyKnownRunsAsTheNewest() {
        byte[] guest =
                TinyGuest.revision(9)
                        .load(GuestElf.BASE + 16) // word 1 of the tag
                        .subtract(NEWEST)
                        .exitWithAl()
                        .elf();

        assertEquals(1, PcMachine.booting(guest).run().exitCode(), "word 1 says 6");
        byte[] second = TinyGuest.revision(9).load(GuestElf.BASE + 24).exitWithAl().elf();
        assertEquals(
                9 << 1 | 1, PcMachine.booting(second).run().exitCode(), "word 2 is left alone");
    }
}
