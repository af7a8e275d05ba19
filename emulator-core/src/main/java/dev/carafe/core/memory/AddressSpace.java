package dev.carafe.core.memory;

/**
 * The translations made for one process-context identifier: a TLB for each kind of accessor, and
 * the number that tells whether code may have moved. Touched by its vCPU's thread only.
 */
final class AddressSpace {
    private final Tlb[] tlbs = new Tlb[Accessor.KINDS]; // made at first use
    private final long[][] entries = new long[Accessor.SYSTEM + 1][]; // of the TLB of an accessor
    private final CodeEpoch codeEpoch;
    int context;
    long lastSelected;

    AddressSpace(CodeEpoch codeEpoch) {
        this.codeEpoch = codeEpoch;
    }

    Tlb tlb(int accessor) {
        int kind = Accessor.tlb(accessor);
        Tlb tlb = tlbs[kind];
        if (tlb == null) {
            tlb = new Tlb();
            tlbs[kind] = tlb;
        }
        return tlb;
    }

    /** {@link Tlb#entries} of the TLB for an accessor: one step where every change of CPL goes. */
    long[] entries(int accessor) {
        long[] known = entries[accessor];
        if (known == null) {
            known = tlb(accessor).entries;
            entries[accessor] = known;
        }
        return known;
    }

    CodeEpoch codeEpoch() {
        return codeEpoch;
    }

    void flush() {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.flush();
            }
        }
        codeEpoch.next();
    }

    void flushNonGlobal() {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.flushNonGlobal();
            }
        }
        codeEpoch.next();
    }

    void invalidate(long linear) {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.invalidate(linear);
            }
        }
        if (codeEpoch.concerns(linear)) {
            codeEpoch.next();
        }
    }

    void slowWrites(long physicalPage) {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.slowWrites(physicalPage);
            }
        }
    }

    /** Drops the translations of some protection keys; fetches do not depend on keys. */
    void dropKeys(int keys) {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.dropKeys(keys);
            }
        }
    }
}
