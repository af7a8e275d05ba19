package dev.carafe.core.memory;

/**
 * Shape and reserved bits of the paging-structure entries in one paging mode (SDM Vol. 3A, "32-Bit
 * Paging", "PAE Paging", "4-Level Paging and 5-Level Paging"). Level 0 is the page table, level 1
 * the page directory, and so on.
 */
final class PagingFormat {
    static final long PRESENT = 1;
    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long ACCESSED = 1 << 5;
    static final long DIRTY = 1 << 6;
    static final long PAGE_SIZE = 1 << 7;
    static final long GLOBAL = 1 << 8;
    static final long PDPT_MASK = 0xFFFF_FFE0L;

    private static final long EXECUTE_DISABLE = 1L << 63;
    private static final int LEVELS = 5;
    private static final int PSE_36_BITS = 40;

    final int levels;
    final int entrySize;

    /** Address of the next table, or of a 4 KiB page, in an entry. */
    final long addressMask;

    /** Address of the first table in CR3. */
    final long tableMask;

    final long reservedPdpte;

    private final int indexBits;
    private final boolean pse36;
    private final int topLargeLevel;
    private final long[] reservedTable = new long[LEVELS];
    private final long[] reservedLeaf = new long[LEVELS];

    PagingFormat(PagingContext context) {
        boolean wide = context.longMode() || context.has(PagingControl.PAE);
        long aboveMaximum = bits(context.physicalBits(), 51);
        entrySize = wide ? Long.BYTES : Integer.BYTES;
        indexBits = wide ? 9 : 10;
        levels = context.longMode() ? (context.has(PagingControl.FIVE_LEVEL) ? 5 : 4) : 2;
        pse36 = !wide && context.has(PagingControl.PSE_36);
        tableMask = context.longMode() ? bits(12, context.physicalBits() - 1) : bits(12, 31);
        addressMask = wide ? bits(12, context.physicalBits() - 1) : bits(12, 31);
        topLargeLevel = topLargeLevel(context, wide);
        reservedPdpte = bits(1, 2) | bits(5, 8) | bits(context.physicalBits(), 63);
        if (wide) {
            long always =
                    aboveMaximum
                            | (context.longMode() ? 0 : bits(52, 62))
                            | (context.has(PagingControl.NO_EXECUTE) ? 0 : EXECUTE_DISABLE);
            for (int level = 0; level < LEVELS; level++) {
                reservedTable[level] = always | (level > topLargeLevel ? PAGE_SIZE : 0);
                reservedLeaf[level] = always | (level > 0 ? bits(13, 11 + 9 * level) : 0);
            }
        } else {
            // Bits 20:13 hold bits 39:32 of the address, as far as the processor has them.
            int extra = pse36 ? Math.min(context.physicalBits(), PSE_36_BITS) - 32 : 0;
            reservedLeaf[1] = bits(13 + extra, 21);
        }
    }

    private static int topLargeLevel(PagingContext context, boolean wide) {
        if (context.longMode() && context.has(PagingControl.GIBIBYTE_PAGES)) {
            return 2;
        }
        return wide || context.has(PagingControl.PAGE_SIZE_EXTENSIONS) ? 1 : 0;
    }

    private static long bits(int low, int high) {
        return high < low ? 0 : -1L >>> (63 - high) & -1L << low;
    }

    long entryAddress(long table, long linear, int level) {
        long index = linear >>> Tlb.PAGE_SHIFT + level * indexBits & (1 << indexBits) - 1;
        return table + index * entrySize;
    }

    /** Number of the region that one page table maps. */
    long region(long linear) {
        return linear >>> Tlb.PAGE_SHIFT + indexBits;
    }

    boolean isLeaf(long entry, int level) {
        return level == 0 || level <= topLargeLevel && (entry & PAGE_SIZE) != 0;
    }

    long reserved(int level, boolean leaf) {
        return leaf ? reservedLeaf[level] : reservedTable[level];
    }

    /** The 4 KiB page within the page that a leaf entry maps. */
    long frame(long entry, long linear, int level) {
        long inside = (1L << Tlb.PAGE_SHIFT + level * indexBits) - 1;
        long base = entry & addressMask & ~inside;
        if (pse36 && level == 1) {
            base |= (entry >>> 13 & 0xFF) << 32;
        }
        return base | linear & inside & Tlb.PAGE_MASK;
    }
}
