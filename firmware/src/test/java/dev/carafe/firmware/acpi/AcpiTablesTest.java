package dev.carafe.firmware.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import dev.carafe.firmware.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Expected bytes are those of a real machine of the same shape, but for the OEM fields and
 * addresses.
 */
class AcpiTablesTest {
    private static final long FACS = 0xFFF_F000L;
    private static final int HEADER = 36;

    private final MachineDescription q35 = MachineDescription.builder().cpus(4).ecam(true).build();

    @Test
    void madtOfFourProcessorsIsThatOfARealMachine() {
        assertBody(
                """
                0000E0FE 01000000 00080000 01000000 00080101 01000000 00080202 01000000 00080303 01000000
                010C0000 0000C0FE 00000000 020A0000 02000000 0000 020A0005 05000000 0D00 020A0009 09000000
                0D00 020A000A 0A000000 0D00 020A000B 0B000000 0D00 0406FF000001""",
                Madt.bytes(q35));
    }

    @Test
    void fadtIsThatOfARealMachineButForAddresses() {
        assertBody(
                """
                00F0FF0F 00E0FF0F 01000900 B2000000 02030000 00060000 00000000 04060000 00000000 00000000 08060000
                20060000 00000000 04020004 10000000 FF0FFF0F 00000000 00000000 32020000 A5840000 01080000 F90C0000
                00000000 0F000000 00000000 00000000 00E0FF0F 00000000 01200000 00060000 00000000 00000000 00000000
                00000000 01100000 04060000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 01200000
                08060000 00000000 01800000 20060000 00000000 00000000 00000000 00000000""",
                Fadt.bytes(q35, FACS, 0xFFF_E000L));
    }

    @Test
    void hpetAndMcfgAreThoseOfARealMachine() {
        assertBody("01A28680 00000000 0000D0FE 00000000 00000000", HpetTable.bytes(q35));
        assertBody("00000000 00000000 000000B0 00000000 000000FF 00000000", Mcfg.bytes());
    }

    @Test
    void apicIdsFrom255OnAreX2ApicEntriesWithTheirOwnNmi() {
        MachineDescription large = MachineDescription.builder().cpus(256).build();
        byte[] madt = Madt.bytes(large);

        int last = 44 + 255 * 8;
        assertEquals(
                "09100000FF00000001000000FF000000",
                HexFormat.of().withUpperCase().formatHex(madt, last, last + 16));
        assertEquals(
                "0A0C0000FFFFFFFF01000000",
                HexFormat.of().withUpperCase().formatHex(madt, madt.length - 12, madt.length));
    }

    @Test
    void gapsOfTheTopologyAppearInTheMadt() {
        MachineDescription gaps =
                MachineDescription.builder().topology(new CpuTopology(6, 2, 3, 1)).build();
        byte[] madt = Madt.bytes(gaps);

        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add((int) madt[44 + 8 * i + 3]);
        }
        assertEquals(List.of(0, 1, 2, 4, 5, 6), ids);
    }

    @Test
    void everyTableIsReachableFromBothRootsAndSumsToZero() {
        AcpiTables acpi = AcpiTables.build(q35, FACS);
        byte[] rsdp = acpi.rsdp();

        assertEquals("RSD PTR ", text(rsdp, 0, 8));
        assertEquals(2, rsdp[15]);
        assertEquals(0, sum(rsdp, 0, 20), "ACPI 1.0 checksum");
        assertEquals(0, sum(rsdp, 0, 36), "extended checksum");
        List<String> fromRsdt =
                listed(acpi, LittleEndian.get32(rsdp, 16) & 0xFFFF_FFFFL, "RSDT", 4);
        List<String> fromXsdt = listed(acpi, LittleEndian.get64(rsdp, 24), "XSDT", 8);
        assertEquals(List.of("FACP", "APIC", "HPET", "MCFG"), fromRsdt);
        assertEquals(fromRsdt, fromXsdt);
    }

    @Test
    void tablesAreOptionalWhereTheHardwareIs() {
        MachineDescription bare = MachineDescription.builder().hpet(false).build();
        AcpiTables acpi = AcpiTables.build(bare, FACS);

        assertEquals(
                List.of("FACP", "APIC"),
                listed(acpi, LittleEndian.get64(acpi.rsdp(), 24), "XSDT", 8));
    }

    @Test
    void facsIsSixtyFourBytesOfVersionOne() {
        byte[] facs = Facs.bytes();

        assertEquals("FACS", text(facs, 0, 4));
        assertEquals(64, facs.length);
        assertEquals(64, LittleEndian.get32(facs, 4));
        assertEquals(1, facs[32]);
    }

    @Test
    void dsdtHoldsTheSleepPackageInTheFormThatNaiveParsersFind() {
        String dsdt = HexFormat.of().withUpperCase().formatHex(Dsdt.bytes(q35));

        assertTrue(
                dsdt.contains("085F53355F120604" + "00000000"),
                "Name (_S5_, Package (4) {0, 0, 0, 0})");
    }

    @Test
    void dsdtNamesHostBridgeDevicesAndProcessors() {
        String q35Text = text(Dsdt.bytes(q35));
        String pcText = text(Dsdt.bytes(MachineDescription.builder().type(MachineType.PC).build()));

        for (String name :
                List.of(
                        "PCI0", "_CRS", "_PRT", "COM1", "KBD_", "MOU_", "RTC_", "HPET", "_PIC",
                        "C003")) {
            assertTrue(q35Text.contains(name), name);
        }
        assertTrue(q35Text.contains("\fA\u00D0\n\u0008"), "PNP0A08");
        assertTrue(!pcText.contains("\fA\u00D0\n\u0008"), "the 440FX is no PCI Express host");
        assertTrue(pcText.contains("\fA\u00D0\n\u0003"), "PNP0A03");
        assertTrue(q35Text.contains("ACPI0007"));
    }

    @Test
    void packageLengthTakesAsManyBytesAsItNeeds() {
        assertEquals("11" + "06" + "0A03" + "000000", hex(new AmlWriter().buffer(new byte[3])));
        assertTrue(
                hex(new AmlWriter().buffer(new byte[60])).startsWith("113F0A3C"),
                "63 fits into six bits");
        assertTrue(
                hex(new AmlWriter().buffer(new byte[61])).startsWith("1141040A3D"),
                "64 needs a second byte");
        assertTrue(
                hex(new AmlWriter().buffer(new byte[5000])).startsWith("118E38010B8813"),
                "5006 needs a third byte");
    }

    private static String hex(AmlWriter aml) {
        return HexFormat.of().withUpperCase().formatHex(aml.toByteArray());
    }

    private static void assertBody(String expected, byte[] table) {
        byte[] body = HexFormat.of().parseHex(expected.replaceAll("\\s", ""));
        assertEquals(HEADER + body.length, LittleEndian.get32(table, 4));
        assertEquals(0, sum(table, 0, table.length));
        byte[] actual = Arrays.copyOfRange(table, HEADER, table.length);
        assertArrayEquals(body, actual);
    }

    private static List<String> listed(AcpiTables acpi, long root, String signature, int width) {
        byte[] block = acpi.tables();
        int at = (int) (root - acpi.tablesAddress());
        int length = LittleEndian.get32(block, at + 4);
        assertEquals(signature, text(block, at, 4));
        assertEquals(0, sum(block, at, length));
        List<String> names = new ArrayList<>();
        for (int entry = at + HEADER; entry < at + length; entry += width) {
            long address =
                    width == 8
                            ? LittleEndian.get64(block, entry)
                            : LittleEndian.get32(block, entry);
            int table = (int) (address - acpi.tablesAddress());
            assertEquals(0, sum(block, table, LittleEndian.get32(block, table + 4)));
            names.add(text(block, table, 4));
        }
        assertTrue(acpi.tablesAddress() + block.length <= FACS, "tables end below the FACS");
        return names;
    }

    private static int sum(byte[] bytes, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[offset + i];
        }
        return sum & 0xFF;
    }

    private static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
}
