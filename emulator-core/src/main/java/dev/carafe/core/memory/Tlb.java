package dev.carafe.core.memory;

/**
 * A direct-mapped translation look-aside buffer for one privilege. Touched by its vCPU's thread
 * only.
 *
 * <p>Four longs per entry lie together: the tags for reading, writing and fetching, and what to add
 * to a linear address to get the RAM offset. A tag is the linear page whose accesses may go
 * straight to RAM; with {@link #SLOW} added, the access is allowed but has to take the checked
 * path; {@link #INVALID} matches nothing. Since the low twelve bits of a page are zero, a
 * comparison with the page of the last byte accessed refuses slow pages and page crossings alike.
 *
 * <p>The entries in use are listed, so that a flush costs what was filled since the one before and
 * not the size.
 */
final class Tlb {
    static final int PAGE_SHIFT = 12;
    static final long PAGE_SIZE = 1L << PAGE_SHIFT;
    static final long PAGE_MASK = -PAGE_SIZE;

    static final int READ = 0;
    static final int WRITE = 1;
    static final int EXECUTE = 2;
    static final int ADDEND = 3;

    static final int ENTRIES =
            4096; // 16 MiB: what a guest's program works on at a time should not collide
    static final int STRIDE_SHIFT = 2;

    /** The slot of an address is {@code (int) (linear >>> SLOT_SHIFT) & SLOT_MASK}. */
    static final int SLOT_SHIFT = PAGE_SHIFT - STRIDE_SHIFT;

    static final int SLOT_MASK = (ENTRIES - 1) << STRIDE_SHIFT;

    /**
     * Hit paths do not write {@code slot + WRITE} but {@code ((int) (linear >>> SLOT_SHIFT) & ENTRY
     * | WRITE) & entries.length - 1}, which is the same: the host's compiler knows then that the
     * index is inside and does not compare it. The number of {@link #entries} is a power of two.
     */
    static final int ENTRY = -1 << STRIDE_SHIFT;

    static final long SLOW = 1;
    static final long INVALID = -1;

    /** In {@link #frames}: the page is RAM or ROM, and the addend is valid. */
    static final long MEMORY = 1;

    /** In {@link #frames}: the page is RAM. */
    static final long WRITABLE = 2;

    static final long GLOBAL = 4;

    /** In {@link #frames}: part of a translation bigger than this page. */
    static final long LARGE = 8;

    private static final long LISTED = 16; // in frames: the entry's number stands in used

    /** In {@link #frames}: the page's protection key, see {@link AccessRights#keyNumber}. */
    static final int KEY_SHIFT = 5;

    private static final int KEY_MASK = 31;

    final long[] entries = new long[ENTRIES << STRIDE_SHIFT];

    /** Physical page of each entry and the flags above. */
    final long[] frames = new long[ENTRIES];

    private final int[] used =
            new int[ENTRIES]; // numbers of entries that may hold something, each once
    private int usedCount;
    private long lowestLarge = Long.MAX_VALUE;
    private long highestLarge = Long.MIN_VALUE;
    private int keys; // that some entry may have

    Tlb() {
        entries[0] = INVALID;
        for (int filled = 1; filled < entries.length; filled *= 2) {
            // by the host's copy: no loop is compiled yet when the first vCPUs are made
            System.arraycopy(entries, 0, entries, filled, filled);
        }
    }

    static int slot(long linear) {
        return (int) (linear >>> SLOT_SHIFT) & SLOT_MASK;
    }

    /** Whether the access is allowed, be it on the checked path. */
    boolean allows(long linear, int access) {
        return (entries[slot(linear) + access] & ~SLOW) == (linear & PAGE_MASK);
    }

    /** Whether the access may go straight to RAM. */
    boolean plain(long linear, int access) {
        return entries[slot(linear) + access] == (linear & PAGE_MASK);
    }

    long frame(long linear) {
        return frames[slot(linear) >> STRIDE_SHIFT];
    }

    /** Where the byte lies in RAM; only for pages with {@link #MEMORY}. */
    long offset(long linear) {
        return linear + entries[slot(linear) + ADDEND];
    }

    void set(long linear, long frame, long offset) {
        int slot = slot(linear);
        int entry = slot >> STRIDE_SHIFT;
        if ((frames[entry] & LISTED) == 0) {
            used[usedCount++] = entry;
        }
        clearTags(slot);
        entries[slot + ADDEND] = offset - linear;
        frames[entry] = frame | LISTED;
        keys |= 1 << key(frame);
        if ((frame & LARGE) != 0) {
            lowestLarge = Math.min(lowestLarge, linear);
            highestLarge = Math.max(highestLarge, linear);
        }
    }

    void setTag(long linear, int access, boolean slow) {
        entries[slot(linear) + access] = linear & PAGE_MASK | (slow ? SLOW : 0);
    }

    void flush() {
        for (int i = 0; i < usedCount; i++) {
            clearTags(used[i] << STRIDE_SHIFT);
            frames[used[i]] = 0;
        }
        usedCount = 0;
        keys = 0;
        lowestLarge = Long.MAX_VALUE;
        highestLarge = Long.MIN_VALUE;
    }

    void flushNonGlobal() {
        int kept = 0;
        for (int i = 0; i < usedCount; i++) {
            int entry = used[i];
            if ((frames[entry] & GLOBAL) != 0) {
                used[kept++] = entry;
            } else {
                clearTags(entry << STRIDE_SHIFT);
                frames[entry] = 0;
            }
        }
        usedCount = kept;
    }

    /**
     * Drops a page and, when it may lie in a large translation, every part of one within the same
     * GiB.
     */
    void invalidate(long linear) {
        long page = linear & PAGE_MASK;
        int slot = slot(linear);
        if (holds(slot, page)) {
            drop(slot >> STRIDE_SHIFT);
        }
        long gibibyte = page >> 30;
        if (gibibyte >= lowestLarge >> 30 && gibibyte <= highestLarge >> 30) {
            dropLarge(gibibyte);
        }
    }

    /** Sends stores to a physical page through the checked path. */
    void slowWrites(long physicalPage) {
        for (int i = 0; i < usedCount; i++) {
            if ((frames[used[i]] & PAGE_MASK) == physicalPage) {
                int tag = (used[i] << STRIDE_SHIFT) + WRITE;
                entries[tag] |= SLOW; // an invalid tag stays what it is
            }
        }
    }

    /** Drops the entries of some protection keys. */
    void dropKeys(int changed) {
        if ((keys & changed) == 0) {
            return;
        }
        keys &= ~changed;
        for (int i = 0; i < usedCount; i++) {
            if ((changed >>> key(frames[used[i]]) & 1) != 0) {
                drop(used[i]);
            }
        }
    }

    private static int key(long frame) {
        return (int) (frame >>> KEY_SHIFT) & KEY_MASK;
    }

    private void dropLarge(long gibibyte) {
        for (int i = 0; i < usedCount; i++) {
            if ((frames[used[i]] & LARGE) != 0 && pageOf(used[i]) >> 30 == gibibyte) {
                drop(used[i]);
            }
        }
    }

    private boolean holds(int slot, long page) {
        return (entries[slot + READ] & ~SLOW) == page
                || (entries[slot + WRITE] & ~SLOW) == page
                || (entries[slot + EXECUTE] & ~SLOW) == page;
    }

    private long pageOf(int entry) {
        int slot = entry << STRIDE_SHIFT;
        for (int access = READ; access <= EXECUTE; access++) {
            if (entries[slot + access] != INVALID) {
                return entries[slot + access] & PAGE_MASK;
            }
        }
        return INVALID;
    }

    /** The entry stays listed. */
    private void drop(int entry) {
        clearTags(entry << STRIDE_SHIFT);
        frames[entry] &= LISTED;
    }

    private void clearTags(int slot) {
        entries[slot + READ] = INVALID;
        entries[slot + WRITE] = INVALID;
        entries[slot + EXECUTE] = INVALID;
    }
}
