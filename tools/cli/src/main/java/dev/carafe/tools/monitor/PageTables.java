package dev.carafe.tools.monitor;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.DebugMemory;

/**
 * Goes through a processor's paging structures without touching them (SDM Vol. 3A, "Paging"). Only
 * while the machine stands still.
 */
final class PageTables {
    static final long PRESENT = 1;
    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long LARGE = 1 << 7;
    static final long EXECUTE_DISABLE = 1L << 63;

    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final long PDPT = 0xFFFF_FFE0L;
    private static final long RIGHTS = USER | WRITABLE;
    private static final int PAGE_SHIFT = 12;
    private static final int TABLE_BYTES = 4096;
    private static final int MOST_TABLES = 1 << 18;

    /** Takes one page, ascending by address; false ends it. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param entry the leaf entry; for a large page with its own address bits only
         * @param rights the present, user and writable bits that all levels together leave
         */
        boolean page(long linear, long length, long entry, long frame, long rights);
    }

    private final DebugMemory memory;
    private final boolean wide; // entries of 8 bytes
    private final int levels;
    private final boolean large; // 4 MiB pages in 32-bit paging
    private final int linearBits;
    private final long root;
    private final boolean paging;
    private int budget = MOST_TABLES; // tables may form circles

    PageTables(Cpu cpu, DebugMemory memory) {
        this.memory = memory;
        paging = cpu.control.paging();
        boolean longMode = cpu.control.longMode();
        boolean pae = cpu.control.cr4(ControlBits.CR4_PAE);
        wide = longMode || pae;
        large = cpu.control.cr4(ControlBits.CR4_PSE);
        boolean five = longMode && cpu.control.cr4(ControlBits.CR4_LA57);
        levels = longMode ? five ? 5 : 4 : pae ? 3 : 2;
        linearBits = longMode ? five ? 57 : 48 : 32;
        long mask = longMode ? ADDRESS : pae ? PDPT : 0xFFFF_F000L;
        root = cpu.control.cr3() & mask;
    }

    boolean paging() {
        return paging;
    }

    /** The end of the linear address space: behind its last byte. */
    long end() {
        return 1L << linearBits;
    }

    /** A linear address with its unused upper bits as they have to be. */
    long canonical(long linear) {
        int unused = 64 - linearBits;
        return linearBits > 32 ? linear << unused >> unused : linear;
    }

    /**
     * Every page that is mapped.
     *
     * @return whether all were visited: neither ended by the visitor, nor by the number of tables
     */
    boolean visit(Visitor visitor) {
        return !paging || table(root, levels - 1, 0, RIGHTS | PRESENT, visitor);
    }

    private boolean table(long address, int level, long linear, long rights, Visitor visitor) {
        if (--budget < 0) {
            return false;
        }
        boolean pointers = levels == 3 && level == 2; // PAE's page-directory pointers
        int entries = pointers ? 4 : wide ? 512 : 1024;
        int size = wide ? Long.BYTES : Integer.BYTES;
        byte[] content = new byte[pointers ? entries * size : TABLE_BYTES];
        int known = memory.readPhysical(address, content) / size;
        int shift = PAGE_SHIFT + level * (wide ? 9 : 10);
        for (int i = 0; i < Math.min(known, entries); i++) {
            long entry = entry(content, i * size, size);
            if ((entry & PRESENT) == 0) {
                continue;
            }
            long at = linear | (long) i << shift;
            long left = rights & (pointers ? rights : entry);
            boolean goesOn =
                    isLeaf(entry, level)
                            ? visitor.page(at, 1L << shift, entry, frame(entry, shift), left)
                            : table(
                                    entry & (wide ? ADDRESS : 0xFFFF_F000L),
                                    level - 1,
                                    at,
                                    left,
                                    visitor);
            if (!goesOn) {
                return false;
            }
        }
        return true;
    }

    private boolean isLeaf(long entry, int level) {
        if (level == 0) {
            return true;
        }
        boolean possible = levels >= 4 ? level <= 2 : level == 1 && (wide || large);
        return possible && (entry & LARGE) != 0;
    }

    private long frame(long entry, int shift) {
        long inside = (1L << shift) - 1;
        if (!wide && shift > PAGE_SHIFT) {
            return entry & 0xFFC0_0000L | (entry >>> 13 & 0xFF) << 32; // PSE-36
        }
        return entry & (wide ? ADDRESS : 0xFFFF_F000L) & ~inside;
    }

    private static long entry(byte[] content, int at, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | content[at + i] & 0xFF;
        }
        return value;
    }
}
