package dev.carafe.core.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * For each page of RAM, whether decoded code was taken from it and whether some vCPU may store to
 * it without looking.
 *
 * <p>The two exclude each other in this way: an MMU that wants a write tag calls {@link
 * #allowWriting} first and installs none when the page holds code. Whoever decodes calls {@link
 * #markCode} first; when the page was writable, he lets every vCPU run {@link Mmu#dropWriteTags} at
 * an instruction boundary, calls {@link #clearWritable} and only then reads the bytes. A writer
 * that goes around the TLB stores, then asks {@link #isCode}; both sides use full fences, so that
 * either the writer sees the mark or the decoder sees the bytes.
 *
 * <p>Pages are named by physical page number. Pages outside RAM have no state: ROM cannot be
 * changed by the guest.
 */
public final class PageStates {
    private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final byte WRITABLE = 1;
    private static final byte CODE = 2;

    private final byte[] states; // through STATE only, with volatile strength
    private final long lowPages;
    private final long highPages;

    PageStates(long lowSize, long highSize) {
        lowPages = lowSize >>> Tlb.PAGE_SHIFT;
        highPages = highSize >>> Tlb.PAGE_SHIFT;
        states = new byte[Math.toIntExact(lowPages + highPages)];
    }

    /** Marks a page as holding code; returns whether some vCPU may hold a write tag for it. */
    public boolean markCode(long page) {
        int index = index(page);
        return index >= 0 && ((byte) STATE.getAndBitwiseOr(states, index, CODE) & WRITABLE) != 0;
    }

    /** No code of this page is decoded any more. */
    public void clearCode(long page) {
        int index = index(page);
        if (index >= 0) {
            byte ignored = (byte) STATE.getAndBitwiseAnd(states, index, (byte) ~CODE);
        }
    }

    /** All vCPUs have dropped their write tags of this page. */
    public void clearWritable(long page) {
        int index = index(page);
        if (index >= 0) {
            byte ignored = (byte) STATE.getAndBitwiseAnd(states, index, (byte) ~WRITABLE);
        }
    }

    public boolean isCode(long page) {
        int index = index(page);
        return index >= 0 && ((byte) STATE.getVolatile(states, index) & CODE) != 0;
    }

    /** Asked before a write tag is installed; false when the page holds code. */
    boolean allowWriting(long page) {
        int index = index(page);
        if (index < 0) {
            return false;
        }
        byte state;
        do {
            state = (byte) STATE.getVolatile(states, index);
            if ((state & CODE) != 0) {
                return false;
            }
        } while (state == 0 && !STATE.compareAndSet(states, index, state, WRITABLE));
        return true;
    }

    /** Whether {@link #allowWriting} would agree and change nothing. */
    boolean isWritable(long page) {
        int index = index(page);
        return index >= 0 && (byte) STATE.getVolatile(states, index) == WRITABLE;
    }

    private int index(long page) {
        if (page < lowPages) {
            return (int) page;
        }
        long high = page - PhysicalBus.HIGH_RAM / Tlb.PAGE_SIZE;
        return high >= 0 && high < highPages ? (int) (lowPages + high) : -1;
    }
}
