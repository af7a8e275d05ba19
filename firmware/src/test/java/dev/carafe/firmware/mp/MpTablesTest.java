package dev.carafe.firmware.mp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.FirmwareTables;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The MultiProcessor Specification's tables, read as a kernel reads them. */
class MpTablesTest {
    private final MachineDescription machine = MachineDescription.builder().cpus(3).build();
    private final MpTables tables = MpTables.build(machine);
    private final byte[] table = tables.configuration();

    @Test
    void thePointerNamesTheTableAndBothSumToZero() {
        byte[] pointer = tables.pointer();

        assertEquals("_MP_", ascii(pointer, 0, 4));
        assertEquals(16, pointer.length);
        assertEquals(GuestLayout.MP_CONFIGURATION, LittleEndian.get32(pointer, 4));
        assertEquals(0, GuestLayout.MP_POINTER % 16, "it is looked for in steps of 16 bytes");
        assertEquals(0, sum(pointer));
        assertEquals("PCMP", ascii(table, 0, 4));
        assertEquals(table.length, LittleEndian.get16(table, 4));
        assertEquals(0, sum(table));
        assertEquals(0xFEE0_0000, LittleEndian.get32(table, 36));
    }

    @Test
    void entriesAreWhatTheHeaderCounts() {
        int at = 44;
        int count = 0;
        int[] kinds = new int[5];
        int last = 0;
        while (at < table.length) {
            int kind = table[at];
            assertTrue(kind >= last, "entries are in the order of their types");
            last = kind;
            kinds[kind]++;
            count++;
            at += kind == 0 ? 20 : 8;
        }

        assertEquals(table.length, at);
        assertEquals(LittleEndian.get16(table, 34), count);
        assertEquals("[3, 2, 1, 15, 2]", Arrays.toString(kinds));
    }

    @Test
    void oneProcessorIsTheBootProcessor() {
        assertEquals("0 3, 1 1, 2 1", cpu(0) + ", " + cpu(1) + ", " + cpu(2));
    }

    private String cpu(int index) {
        return table[44 + 20 * index + 1] + " " + table[44 + 20 * index + 3];
    }

    @Test
    void theTimerIsAtPinTwoAndLevelTriggeredLinesSaySo() {
        int first = 44 + 3 * 20 + 2 * 8 + 8;

        assertEquals("[3, 0, 0, 0, 1, 0, 0, 2]", entry(first), "IRQ 0");
        assertEquals("[3, 0, 0, 0, 1, 1, 0, 1]", entry(first + 8), "IRQ 1");
        assertEquals("[3, 0, 0, 0, 1, 3, 0, 3]", entry(first + 16), "IRQ 2 is the cascade");
        assertEquals("[3, 0, 13, 0, 1, 5, 0, 5]", entry(first + 32), "IRQ 5");
    }

    private String entry(int at) {
        return Arrays.toString(Arrays.copyOfRange(table, at, at + 8));
    }

    @Test
    void processorsThatTheSpecificationHasNoPlaceForAreLeftOut() {
        CpuTopology wide = new CpuTopology(200, 67, 3, 1); // every fourth ID is missing
        MachineDescription large = MachineDescription.builder().topology(wide).build();
        byte[] configuration = MpTables.build(large).configuration();
        int at = 44;
        while (configuration[at] == 0) {
            assertTrue((configuration[at + 1] & 0xFF) < 0xFF, "the broadcast address");
            at += 20;
        }

        assertTrue(at < 44 + 20 * large.cpus().size());
    }

    @Test
    void nothingInTheBiosSegmentOverlaps() throws Exception {
        CpuTopology most = CpuTopology.flat(255);
        MachineDescription large = MachineDescription.builder().topology(most).build();
        List<ImageSegment.Data> inOrder =
                new FirmwareTables(large)
                        .segments().stream()
                                .map(ImageSegment.Data.class::cast)
                                .sorted(java.util.Comparator.comparingLong(ImageSegment::address))
                                .toList();
        long end = 0;
        for (ImageSegment.Data each : inOrder) {
            assertTrue(each.address() >= end, "a table at " + Long.toHexString(each.address()));
            end = each.address() + each.bytes().length;
        }
    }

    private static String ascii(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private static int sum(byte[] bytes) {
        int sum = 0;
        for (byte each : bytes) {
            sum += each;
        }
        return sum & 0xFF;
    }
}
