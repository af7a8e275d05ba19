package dev.carafe.firmware.smbios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.bytes.LittleEndian;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmbiosTablesTest {
    private record Structure(int type, int offset, int length, int whole) {}

    @Test
    void bothEntryPointsNameTheSameStructures() {
        SmbiosTables tables = SmbiosTables.build(MachineDescription.builder().cpus(2).build());
        byte[] old = tables.entry32();
        byte[] young = tables.entry64();
        List<Structure> structures = structures(tables.structures());

        assertEquals(0x1F, old.length);
        assertEquals(0, sum(old, 0, 0x1F));
        assertEquals(0, sum(old, 0x10, 0x0F), "intermediate checksum");
        assertEquals(0x0802, LittleEndian.get16(old, 6), "version 2.8");
        assertEquals(GuestLayout.SMBIOS_STRUCTURES, LittleEndian.get32(old, 24));
        assertEquals(tables.structures().length, LittleEndian.get16(old, 22));
        assertEquals(structures.size(), LittleEndian.get16(old, 28));
        assertEquals(
                structures.stream().mapToInt(Structure::whole).max().orElse(0),
                LittleEndian.get16(old, 8));
        assertEquals(0x18, young.length);
        assertEquals(0, sum(young, 0, 0x18));
        assertEquals(GuestLayout.SMBIOS_STRUCTURES, LittleEndian.get64(young, 16));
    }

    @Test
    void structuresHaveTheTypesAndLengthsOfARealMachine() {
        SmbiosTables tables = SmbiosTables.build(MachineDescription.builder().cpus(2).build());
        List<String> shapes =
                structures(tables.structures()).stream()
                        .map(s -> s.type() + ":" + Integer.toHexString(s.length()))
                        .toList();

        assertEquals(
                List.of(
                        "0:18", "1:1b", "3:16", "4:2a", "4:2a", "16:17", "17:28", "19:1f", "32:b",
                        "127:4"),
                shapes);
    }

    @Test
    void aProcessorStructureCountsItsCoresAndThreads() {
        MachineDescription machine =
                MachineDescription.builder().topology(new CpuTopology(8, 2, 2, 2)).build();
        byte[] bytes = SmbiosTables.build(machine).structures();
        List<Structure> sockets = structures(bytes).stream().filter(s -> s.type() == 4).toList();

        assertEquals(2, sockets.size());
        int at = sockets.get(0).offset();
        assertEquals(2, bytes[at + 0x23], "cores");
        assertEquals(4, bytes[at + 0x25], "threads");
        assertEquals(0x41, bytes[at + 0x18], "populated and enabled");
        assertEquals(1000, LittleEndian.get16(bytes, at + 0x16), "current speed in MHz");
    }

    @Test
    void memoryIsMappedInTwoPartsWhenThePciHoleSplitsIt() {
        MachineDescription machine = MachineDescription.builder().ramBytes(4L << 30).build();
        byte[] bytes = SmbiosTables.build(machine).structures();
        List<Structure> mapped = structures(bytes).stream().filter(s -> s.type() == 19).toList();

        assertEquals(2, mapped.size());
        assertEquals(
                0x8000_0000L / 1024 - 1, LittleEndian.get32(bytes, mapped.get(0).offset() + 8));
        assertEquals((4L << 30) / 1024, LittleEndian.get32(bytes, mapped.get(1).offset() + 4));
        assertEquals((6L << 30) / 1024 - 1, LittleEndian.get32(bytes, mapped.get(1).offset() + 8));
    }

    @Test
    void manySocketsStayInsideTheBiosSegment() {
        byte[] bytes =
                SmbiosTables.build(MachineDescription.builder().cpus(4000).build()).structures();

        assertTrue(GuestLayout.SMBIOS_STRUCTURES + bytes.length <= GuestLayout.ONE_MIB);
        assertEquals(127, structures(bytes).getLast().type());
    }

    private static List<Structure> structures(byte[] bytes) {
        List<Structure> list = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = bytes[at + 1];
            int end = at + length;
            while (bytes[end] != 0 || bytes[end + 1] != 0) {
                end++;
            }
            list.add(new Structure(bytes[at] & 0xFF, at, length, end + 2 - at));
            at = end + 2;
        }
        return list;
    }

    private static int sum(byte[] bytes, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[offset + i];
        }
        return sum & 0xFF;
    }
}
