package dev.carafe.core.memory;

/**
 * Linear-address masking (SDM Vol. 3A, "Linear-Address Masking"): which upper bits of the address
 * of a 64-bit data access are metadata of the program's. They are replaced by copies of the topmost
 * bit that counts, and bit 63 must equal it: what is not so stays non-canonical.
 */
final class AddressMasking {
    private static final long USER_57 = 1L << 61; // CR3.LAM_U57, which wins
    private static final long USER_48 = 1L << 62;
    private static final int IGNORED_57 = Long.SIZE - 57;
    private static final int IGNORED_48 = Long.SIZE - 48;

    private int userBits; // number of bits that are not translated, 0 when LAM is off
    private int supervisorBits;

    /** Returns whether something has changed. */
    boolean setRoot(long cr3) {
        int before = userBits;
        userBits = (cr3 & USER_57) != 0 ? IGNORED_57 : (cr3 & USER_48) != 0 ? IGNORED_48 : 0;
        return userBits != before;
    }

    void configure(PagingContext context) {
        if (!context.has(PagingControl.MASK_SUPERVISOR_ADDRESSES)) {
            supervisorBits = 0;
        } else {
            supervisorBits = context.has(PagingControl.FIVE_LEVEL) ? IGNORED_57 : IGNORED_48;
        }
    }

    long mask(long linear) {
        int ignored = linear >= 0 ? userBits : supervisorBits;
        if (ignored == 0) {
            return linear;
        }
        long extended = linear << ignored >> ignored;
        return extended & Long.MAX_VALUE | linear & Long.MIN_VALUE;
    }
}
