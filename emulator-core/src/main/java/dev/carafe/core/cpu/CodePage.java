package dev.carafe.core.cpu;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What one page of physical memory decodes to in one mode: records, and for each the place and the
 * instruction it came from. Shared read-only by all vCPUs after publication; additions are made
 * under its monitor.
 *
 * <p>Visibility: a record is complete before its index is stored into {@link #entries} or into a
 * link, with release order; readers reach it through that index only, and hardware keeps such
 * address dependencies.
 */
public final class CodePage {
    /** Bytes of a page. */
    public static final int SIZE = 4096;

    /** Covered bytes are remembered in lines of 64. */
    public static final int LINE_SHIFT = 6;

    /** Index 0 means "not decoded", so the first record is at 2. */
    public static final int FIRST_RECORD = 2;

    private static final int INITIAL_RECORDS = 64;

    /** Where the page's bytes lie in RAM; −1 for a page of loose bytes. */
    public final long ramOffset;

    public final int modeKey;

    /** Page offsets where a debugger wants to be asked before an instruction is executed. */
    public final BitSet stops;

    /** Byte offset in the page → index of the record that begins there, or 0. */
    public final char[] entries = new char[SIZE];

    /** Two longs a record; see {@code isa.Record}. Replaced when it must grow. */
    public volatile long[] records = new long[INITIAL_RECORDS * 2];

    /** Page offset of each record's first byte, by index / 2. */
    public volatile char[] offsets = new char[INITIAL_RECORDS];

    /**
     * The decoded instruction of each record, by index / 2; kept for complex instructions and for
     * inspection.
     */
    public volatile Object[] instructions = new Object[INITIAL_RECORDS];

    /** Index behind the last record. Guarded by this. */
    public int end = FIRST_RECORD;

    private long
            covered; // guarded by this: one bit for every line that some instruction reaches into

    /** Set when the bytes were changed: nothing may be added, and every record leaves. */
    public volatile boolean dropped;

    public CodePage(long ramOffset, int modeKey, BitSet stops) {
        this.ramOffset = ramOffset;
        this.modeKey = modeKey;
        this.stops = stops;
    }

    /** Notes that the bytes are about to be decoded. */
    public synchronized void cover(int offset, int length) {
        int last = Math.min(offset + length - 1, SIZE - 1);
        covered |= 1L << (offset >> LINE_SHIFT) | 1L << (last >> LINE_SHIFT);
    }

    /** Whether some instruction reaches into one of these lines. */
    public synchronized boolean covers(long lines) {
        return (covered & lines) != 0;
    }

    /**
     * Makes room for {@code more} records. Guarded by this; returns the array that was replaced, or
     * null.
     */
    public long[] reserve(int more) {
        int needed = end + more * 2;
        long[] old = records;
        if (needed <= old.length) {
            return null;
        }
        int length = Math.max(needed, old.length * 2);
        offsets = Arrays.copyOf(offsets, length / 2);
        instructions = Arrays.copyOf(instructions, length / 2);
        records = Arrays.copyOf(old, length);
        return old;
    }
}
