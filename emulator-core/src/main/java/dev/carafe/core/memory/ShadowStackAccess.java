package dev.carafe.core.memory;

/**
 * Shadow-stack accesses (SDM Vol. 3A, "Shadow-Stack Accesses"): the page must be a shadow-stack
 * page – dirty, not writable, below writable tables – of the user's or of the supervisor's. {@code
 * user} says whose access it is: that of CPL 3 or of WRUSS. Alignment is the caller's business.
 * Called as {@link Mmu} is.
 */
public final class ShadowStackAccess {
    private final CheckedAccess checked;
    private final Mmu mmu;

    ShadowStackAccess(CheckedAccess checked, Mmu mmu) {
        this.checked = checked;
        this.mmu = mmu;
    }

    public long load64(long linear, boolean user) {
        return checked.load(accessor(user), linear, Long.BYTES);
    }

    public void store64(long linear, boolean user, long value) {
        checked.store(accessor(user), linear, Long.BYTES, value);
    }

    /** Loads 4 or 8 bytes, zero-extended. */
    public long load(long linear, boolean user, int size) {
        return checked.load(accessor(user), linear, size);
    }

    /** Stores the low 4 or 8 bytes. */
    public void store(long linear, boolean user, int size, long value) {
        checked.store(accessor(user), linear, size, value);
    }

    /** Faults exactly as a store of {@code size} bytes would. */
    public void checkWrite(long linear, boolean user, int size) {
        checked.check(accessor(user), linear, size, Tlb.WRITE);
    }

    /**
     * Replaces eight bytes if they are still the expected ones, in one piece. Returns whether it
     * has.
     */
    public boolean compareAndSet64(long linear, boolean user, long expected, long value) {
        int accessor = accessor(user);
        long offset = checked.writeOffset(accessor, linear, Long.BYTES, true);
        if (offset < 0 || (offset & 7) != 0) {
            offset = checked.lock(accessor, linear, Long.BYTES);
        }
        if (offset >= 0) {
            return mmu.locked.compareAndSet(offset, Long.BYTES, expected, value);
        }
        try {
            boolean equal = load64(linear, user) == expected;
            if (equal) {
                store64(linear, user, value);
            }
            return equal;
        } finally {
            mmu.locked.end();
        }
    }

    private static int accessor(boolean user) {
        return user ? Accessor.SHADOW_STACK_USER : Accessor.SHADOW_STACK_SUPERVISOR;
    }
}
