package dev.carafe.core.memory;

/**
 * Many elements at once: strings, and the frames of interrupts. Only where nothing has to be looked
 * at between one element and the next; the caller goes element by element everywhere else. Called
 * as {@link Mmu} is.
 */
public final class BulkAccess {
    private final Ram memory;
    private final Mmu mmu;

    BulkAccess(Ram memory, Mmu mmu) {
        this.memory = memory;
        this.mmu = mmu;
    }

    /**
     * Copies {@code length / element} elements upwards, one after the other, as REP MOVS does;
     * neither operand crosses a page. Faults as the first element does, the load before the store.
     * Returns whether it was done.
     */
    public boolean copyWithinPage(long to, long from, int length, int element) {
        long source = mmu.readOffset(from, element);
        long destination = mmu.storeOffset(to, element);
        return source >= 0
                && destination >= 0
                && BulkMemory.copy(memory.segment, destination, source, length, element);
    }

    /**
     * Stores the same element {@code length / element} times, as REP STOS does; the operand does
     * not cross a page. Faults as the first element does. Returns whether it was done.
     */
    public boolean fillWithinPage(long to, int length, int element, long value) {
        long destination = mmu.storeOffset(to, element);
        if (destination >= 0) {
            BulkMemory.fill(memory.segment, destination, length, element, value);
        }
        return destination >= 0;
    }

    /**
     * Stores the five words of an interrupt frame, the uppermost first, where all lie in one page
     * and its stores hit. Returns false, with nothing done, otherwise. Never faults.
     */
    public boolean storeFrame(long linear, long[] words) {
        long[] tags = mmu.tags();
        int slot = Tlb.slot(linear);
        if ((linear + (Ram.FRAME - 1) & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            return false;
        }
        memory.storeFrame(linear + tags[slot + Tlb.ADDEND], words);
        return true;
    }

    /** As {@link #storeFrame}, for loads; the lowest word first. */
    public boolean loadFrame(long linear, long[] words) {
        long[] tags = mmu.tags();
        int slot = Tlb.slot(linear);
        if ((linear + (Ram.FRAME - 1) & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return false;
        }
        memory.loadFrame(linear + tags[slot + Tlb.ADDEND], words);
        return true;
    }
}
