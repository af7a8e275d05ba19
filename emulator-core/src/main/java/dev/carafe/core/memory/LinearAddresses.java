package dev.carafe.core.memory;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * What a linear address means before it is translated: whether it is canonical, which of its bits
 * are metadata (SDM Vol. 3A, "Linear-Address Masking"), what comes after 4 GiB − 1, and whether an
 * operand has to be aligned. Touched by its vCPU's thread only.
 */
final class LinearAddresses {
    private static final long LINEAR_32 = 0xFFFF_FFFFL;
    private static final long USER_57 = 1L << 61; // CR3.LAM_U57, which wins
    private static final long USER_48 = 1L << 62;
    private static final int IGNORED_57 = Long.SIZE - 57;
    private static final int IGNORED_48 = Long.SIZE - 48;
    private static final int EXTENDED_REAL = 10; // bytes

    private boolean longMode;
    private boolean wraps = true; // operands end at 4 GiB
    private int unusedBits; // in long mode
    private int userMetadata; // number of bits that are replaced, 0 when LAM is off
    private int supervisorMetadata;

    void configure(PagingContext context) {
        longMode = context.longMode();
        unusedBits = Long.SIZE - context.linearBits();
        supervisorMetadata = context.has(PagingControl.MASK_SUPERVISOR_ADDRESSES) ? unusedBits : 0;
    }

    /** Returns whether the masking of user addresses has changed. */
    boolean setRoot(long cr3) {
        int before = userMetadata;
        userMetadata = (cr3 & USER_57) != 0 ? IGNORED_57 : (cr3 & USER_48) != 0 ? IGNORED_48 : 0;
        return userMetadata != before;
    }

    /** Whether operands that cross 4 GiB go on at 0: in all but 64-bit code. */
    void setWraps(boolean wraps) {
        this.wraps = wraps;
    }

    /**
     * The address without metadata: those bits are replaced by copies of the topmost bit that
     * counts, which bit 63 must equal; what is not so stays non-canonical.
     */
    long mask(long linear) {
        int ignored = linear >= 0 ? userMetadata : supervisorMetadata;
        if (ignored == 0) {
            return linear;
        }
        long extended = linear << ignored >> ignored;
        return extended & Long.MAX_VALUE | linear & Long.MIN_VALUE;
    }

    /** What is left of an address once excess bits are gone. */
    long cut(long address) {
        return longMode ? address : address & LINEAR_32;
    }

    /** What is left of a data address once excess bits and metadata are gone. */
    long effective(int accessor, long address) {
        return longMode && accessor != Accessor.SYSTEM ? mask(address) : cut(address);
    }

    /** {@link #effective}, after the checks that come before the pages are looked at. */
    long checked(int accessor, long address, int size, int access) {
        long linear = access == Tlb.EXECUTE ? cut(address) : effective(accessor, address);
        if (!isCanonical(linear) || !isCanonical(linear + size - 1)) {
            throw CpuFault.nonCanonical();
        }
        if (accessor == Accessor.USER_ALIGNED && access != Tlb.EXECUTE) {
            checkAligned(linear, size);
        }
        return linear;
    }

    boolean isCanonical(long linear) {
        return !longMode || linear << unusedBits >> unusedBits == linear;
    }

    /**
     * SDM Vol. 3A, "Interrupt 17 - Alignment Check Exception (#AC)". Comes before the page is
     * looked at, as on the host. Operands above eight bytes are made of eight-byte ones, but for
     * the areas of FSTENV and FSAVE, which are made of words or doublewords.
     */
    private static void checkAligned(long linear, int size) {
        int alignment = size == EXTENDED_REAL ? Long.BYTES : Integer.lowestOneBit(size);
        if ((linear & Math.min(alignment, Long.BYTES) - 1) != 0) {
            throw CpuFault.of(ExceptionVector.ALIGNMENT_CHECK, 0);
        }
    }

    /** The address of a later byte of an operand: outside 64-bit code after 4 GiB − 1 comes 0. */
    long after(int accessor, long linear, long distance) {
        boolean mayWrap = !longMode || wraps && accessor != Accessor.SYSTEM;
        return mayWrap && linear >>> 32 == 0 ? linear + distance & LINEAR_32 : linear + distance;
    }
}
