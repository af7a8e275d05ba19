package dev.carafe.firmware.acpi;

import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * All ACPI tables of one machine, placed: one page-aligned block of tables below the FACS, which
 * has its own page.
 */
public final class AcpiTables {
    private static final int ALIGNMENT = 8;
    private static final int FADT_ROOM = 256;
    private static final int ROOT_ROOM = 256; // RSDT and XSDT of at most eight entries

    private final long tablesAddress;
    private final byte[] tables;
    private final byte[] facs;
    private final byte[] rsdp;

    private AcpiTables(long tablesAddress, byte[] tables, byte[] facs, byte[] rsdp) {
        this.tablesAddress = tablesAddress;
        this.tables = tables;
        this.facs = facs;
        this.rsdp = rsdp;
    }

    /**
     * @param facsAddress page-aligned; the tables end there or at most a page below
     */
    public static AcpiTables build(MachineDescription machine, long facsAddress) {
        byte[] dsdt = Dsdt.bytes(machine);
        List<byte[]> listed = new ArrayList<>();
        listed.add(Madt.bytes(machine));
        if (machine.hasHpet()) {
            listed.add(HpetTable.bytes(machine));
        }
        if (machine.hasEcam()) {
            listed.add(Mcfg.bytes());
        }
        int size = aligned(dsdt.length) + FADT_ROOM + ROOT_ROOM;
        for (byte[] table : listed) {
            size += aligned(table.length);
        }
        long base = facsAddress - size & -GuestLayout.PAGE;

        ByteWriter block = new ByteWriter(size);
        List<Long> addresses = new ArrayList<>();
        long dsdtAddress = place(block, base, dsdt);
        addresses.add(place(block, base, Fadt.bytes(machine, facsAddress, dsdtAddress)));
        for (byte[] table : listed) {
            addresses.add(place(block, base, table));
        }
        long rsdt = place(block, base, Rsdt.bytes(addresses));
        long xsdt = place(block, base, Xsdt.bytes(addresses));
        return new AcpiTables(base, block.toByteArray(), Facs.bytes(), Rsdp.bytes(rsdt, xsdt));
    }

    private static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private static long place(ByteWriter block, long base, byte[] table) {
        long address = base + block.align(ALIGNMENT).size();
        block.bytes(table);
        return address;
    }

    public long tablesAddress() {
        return tablesAddress;
    }

    public byte[] tables() {
        return tables;
    }

    public byte[] facs() {
        return facs;
    }

    /** To be placed at {@link GuestLayout#RSDP}. */
    public byte[] rsdp() {
        return rsdp;
    }
}
