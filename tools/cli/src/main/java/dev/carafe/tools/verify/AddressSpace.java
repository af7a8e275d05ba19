package dev.carafe.tools.verify;

import dev.carafe.core.memory.PhysicalBus;
import java.util.Arrays;

/**
 * Physical memory of the emulated processor and the page tables that give programs the pages of
 * {@link Layout}; tables and stack of the system lie in the upper half.
 */
final class AddressSpace {
    static final long RAM = 2L << 20;
    static final long ROOT = 0x2_0000;
    static final long SYSTEM = 0xFFFF_C000_0000_0000L;
    static final long GDT = SYSTEM;
    static final long IDT = SYSTEM + 0x1000;
    static final long TSS = SYSTEM + 0x2000;
    static final long STACK_TOP = SYSTEM + 0x4000;

    private static final long SYSTEM_PHYSICAL = 0x1_0000;
    private static final int SYSTEM_PAGES = 4;
    private static final long CODE_PHYSICAL = 0x10_0000;
    private static final long DATA_PHYSICAL = 0x14_0000;
    private static final long EXIT_PHYSICAL = 0x1_8000;

    private static final long PRESENT = 1;
    private static final long WRITABLE = 2;
    private static final long USER = 4;
    private static final long USED = 0x60; // accessed and dirty
    private static final long NO_EXECUTE = 1L << 63;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    private final PhysicalBus bus;
    private long nextTable = ROOT + Layout.PAGE;

    AddressSpace(PhysicalBus bus) {
        this.bus = bus;
        for (int i = 0; i < SYSTEM_PAGES; i++) {
            map(
                    SYSTEM + (long) i * Layout.PAGE,
                    SYSTEM_PHYSICAL + (long) i * Layout.PAGE,
                    WRITABLE);
        }
        for (int i = 0; i < Layout.CODE_PAGES; i++) {
            long offset = (long) i * Layout.PAGE;
            map(Layout.CODE + offset, CODE_PHYSICAL + offset, USER);
        }
        byte[] wayOut = new byte[Layout.PAGE];
        Arrays.fill(wayOut, (byte) 0xCC); // as on the host; see writeWayOut
        bus.write(EXIT_PHYSICAL, wayOut);
        map(Layout.EXIT, EXIT_PHYSICAL, USER);
        for (int i = 0; i < Layout.dataPages(); i++) {
            long linear = Layout.dataPage(i);
            long rights = linear == Layout.READ_ONLY ? USER : USER | WRITABLE;
            map(linear, DATA_PHYSICAL + (long) i * Layout.PAGE, rights | NO_EXECUTE);
        }
    }

    private void map(long linear, long physical, long rights) {
        long table = ROOT;
        for (int shift = 39; shift > 12; shift -= 9) {
            long entry = table + (linear >>> shift & 511) * 8;
            if ((bus.read(entry, 8) & PRESENT) == 0) {
                bus.write(entry, 8, nextTable | PRESENT | WRITABLE | USER | USED);
                nextTable += Layout.PAGE;
            }
            table = bus.read(entry, 8) & ADDRESS;
        }
        bus.write(table + (linear >>> 12 & 511) * 8, 8, physical | PRESENT | USED | rights);
    }

    void writeSystem(long linear, long value) {
        bus.write(SYSTEM_PHYSICAL + linear - SYSTEM, 8, value);
    }

    long readSystem(long linear) {
        return bus.read(SYSTEM_PHYSICAL + linear - SYSTEM, 8);
    }

    /** What the host has at {@link Layout#EXIT}. */
    void writeWayOut(byte[] bytes) {
        bus.write(EXIT_PHYSICAL, bytes);
    }

    void writeCode(int offset, byte[] bytes) {
        bus.write(CODE_PHYSICAL + offset, bytes);
    }

    /** All pages of the data area, by {@link Layout#dataOffset}. */
    void readData(byte[] into) {
        bus.read(DATA_PHYSICAL, into);
    }

    void writeData(int offset, byte[] bytes) {
        bus.write(DATA_PHYSICAL + offset, bytes);
    }

    void writeData(int offset, byte value) {
        bus.write(DATA_PHYSICAL + offset, 1, value);
    }
}
