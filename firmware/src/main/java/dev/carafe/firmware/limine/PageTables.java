package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.MemoryMap;
import dev.carafe.firmware.MemoryType;
import dev.carafe.firmware.bytes.LittleEndian;
import java.util.ArrayList;
import java.util.List;

/** Page tables under construction (SDM Vol. 3A, "4-Level Paging and 5-Level Paging"). */
final class PageTables {
    static final long WRITABLE = 1 << 1;
    static final long NO_EXECUTE = 1L << 63;

    /** PAT entry 5; becomes the PAT and PWT bits of the page size in use. */
    static final long WRITE_COMBINING = 1L << 62;

    private static final long PRESENT = 1;
    private static final long USER = 1 << 2;
    private static final long PWT = 1 << 3;
    private static final long PAGE_SIZE = 1 << 7;
    private static final long PAT_4K = 1 << 7;
    private static final long PAT_LARGE = 1 << 12;
    private static final long NON_LEAF = PRESENT | WRITABLE | USER;

    private static final int SHIFT_4K = 12;
    private static final int SHIFT_2M = 21;
    private static final int SHIFT_1G = 30;

    private final MemoryMap memory;
    private final boolean fiveLevels;
    private final boolean gigabytePages;
    private final List<ImageSegment> segments = new ArrayList<>();
    private final Table root;

    private static final class Table {
        private final long address;
        private final byte[] bytes = new byte[(int) GuestLayout.PAGE];
        private Table[] children;

        private Table(long address) {
            this.address = address;
        }
    }

    PageTables(MemoryMap memory, boolean fiveLevels, boolean gigabytePages) throws BootException {
        this.memory = memory;
        this.fiveLevels = fiveLevels;
        this.gigabytePages = gigabytePages;
        root = newTable();
    }

    long rootAddress() {
        return root.address;
    }

    List<ImageSegment> segments() {
        return segments;
    }

    private Table newTable() throws BootException {
        long address =
                memory.allocate(
                        GuestLayout.PAGE,
                        GuestLayout.PAGE,
                        MemoryType.BOOTLOADER_RECLAIMABLE,
                        false);
        if (address < 0) {
            throw new BootException(
                    "guest RAM has no room for page table number " + (segments.size() + 1));
        }
        Table table = new Table(address);
        segments.add(new ImageSegment.Data(address, table.bytes));
        return table;
    }

    /**
     * Maps whole pages that are not mapped yet.
     *
     * @param flags of {@link #WRITABLE}, {@link #NO_EXECUTE}, {@link #WRITE_COMBINING}
     * @param largePages whether 2 MiB and, if the processor has them, 1 GiB pages may be used
     */
    void map(long virtual, long physical, long length, long flags, boolean largePages)
            throws BootException {
        long done = 0;
        while (done < length) {
            long v = virtual + done;
            long p = physical + done;
            int shift = largePages ? largestShift(v | p, length - done) : SHIFT_4K;
            Table table = tableFor(v, shift);
            long leaf = leafFlags(flags, shift);
            // Fill as much of this table as has the same page size
            int index = (int) (v >>> shift) & 511;
            long step = 1L << shift;
            do {
                LittleEndian.put64(table.bytes, index * 8, p | leaf);
                index++;
                done += step;
                p += step;
            } while (index < 512
                    && length - done >= step
                    && (!largePages || largestShift(virtual + done | p, length - done) == shift));
        }
    }

    private int largestShift(long addresses, long length) {
        if (gigabytePages && length >= 1L << SHIFT_1G && (addresses & (1L << SHIFT_1G) - 1) == 0) {
            return SHIFT_1G;
        }
        return length >= 1L << SHIFT_2M && (addresses & (1L << SHIFT_2M) - 1) == 0
                ? SHIFT_2M
                : SHIFT_4K;
    }

    private static long leafFlags(long flags, int shift) {
        long leaf = PRESENT | flags & (WRITABLE | NO_EXECUTE);
        if (shift != SHIFT_4K) {
            leaf |= PAGE_SIZE;
        }
        if ((flags & WRITE_COMBINING) != 0) {
            leaf |= PWT | (shift == SHIFT_4K ? PAT_4K : PAT_LARGE);
        }
        return leaf;
    }

    /** The table whose entries map {@code 1 << shift} bytes each, made with all tables above it. */
    private Table tableFor(long virtual, int shift) throws BootException {
        Table table = root;
        for (int level = fiveLevels ? 48 : 39; level > shift; level -= 9) {
            int index = (int) (virtual >>> level) & 511;
            if (table.children == null) {
                table.children = new Table[512];
            }
            Table child = table.children[index];
            if (child == null) {
                child = newTable();
                table.children[index] = child;
                LittleEndian.put64(table.bytes, index * 8, child.address | NON_LEAF);
            }
            table = child;
        }
        return table;
    }
}
