package dev.carafe.core.memory;

/** What an access asks of a TLB's tags before it may go straight to RAM. */
final class Hit {
    private Hit() {}

    /**
     * Whether {@code size} bytes may be loaded from RAM at {@link #offset}.
     *
     * @param tags {@link Tlb#entries}
     */
    static boolean reads(long[] tags, long linear, int size) {
        return (linear + (size - 1) & Tlb.PAGE_MASK)
                == tags[(int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.ENTRY & tags.length - 1];
    }

    /** Whether {@code size} bytes may be stored, and loaded, at {@link #offset}. */
    static boolean writes(long[] tags, long linear, int size) {
        return (linear + (size - 1) & Tlb.PAGE_MASK)
                == tags[
                        ((int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.ENTRY | Tlb.WRITE)
                                & tags.length - 1];
    }

    /** Where in RAM it is, after one of the above has said yes. */
    static long offset(long[] tags, long linear) {
        return linear + tags[((int) (linear >>> Tlb.SLOT_SHIFT) | Tlb.ADDEND) & tags.length - 1];
    }
}
