package dev.carafe.core.memory;

/**
 * Locked accesses (SDM Vol. 3A, "Bus Locking"): compare-and-swap where the operand lies within one
 * aligned eight-byte word of RAM; for all others the other vCPUs stand still. Called as {@link Mmu}
 * is.
 */
public final class LockedAccess {
    private final CheckedAccess checked;
    private final Ram memory;
    private final Mmu mmu;

    LockedAccess(CheckedAccess checked, Ram memory, Mmu mmu) {
        this.checked = checked;
        this.memory = memory;
        this.mmu = mmu;
    }

    /**
     * Begins a locked access: faults as a store would. Returns the operand's RAM offset when it
     * lies within one aligned eight-byte word, for {@link #load} and {@link #compareAndSet}.
     * Otherwise returns −1 with all other vCPUs stopped: the operand is reached by its linear
     * address, then comes {@link #end}.
     */
    public long begin(long linear, int size) {
        long offset = mmu.writeOffset(linear, size);
        return offset >= 0 && (offset & 7) + size <= 8
                ? offset
                : checked.lock(mmu.accessor(), linear, size);
    }

    /** {@link #begin} for 16 bytes: always −1 with all other vCPUs stopped. */
    public long begin16(long linear) {
        checked.writeOffset(mmu.accessor(), linear, 16, true);
        return checked.stopOthers(mmu.accessor(), linear, 16);
    }

    /** Ends what a {@link #begin} that returned −1 began. */
    public void end() {
        checked.exitExclusive();
    }

    /** Loads the operand, in one piece. */
    public long load(long offset, int size) {
        return memory.loadAtomic(offset, size);
    }

    /** Replaces the operand if it is still the expected one. A full fence. */
    public boolean compareAndSet(long offset, int size, long expected, long value) {
        boolean done = memory.compareAndSet(offset, size, expected, value);
        if (done) {
            checked.storedAtomically(offset, size);
        }
        return done;
    }
}
