package dev.carafe.core.memory;

/**
 * What the MMU must know of CR0, CR4, EFER and CPUID (SDM Vol. 3A, "Paging Modes and Control
 * Bits").
 *
 * @param paging CR0.PG
 * @param pae CR4.PAE
 * @param longMode EFER.LMA
 * @param fiveLevel CR4.LA57
 * @param writeProtect CR0.WP
 * @param noExecute EFER.NXE
 * @param smep CR4.SMEP
 * @param smap CR4.SMAP
 * @param pageSizeExtensions CR4.PSE
 * @param globalPages CR4.PGE
 * @param physicalBits MAXPHYADDR, 32 to 52
 */
public record PagingContext(
        boolean paging,
        boolean pae,
        boolean longMode,
        boolean fiveLevel,
        boolean writeProtect,
        boolean noExecute,
        boolean smep,
        boolean smap,
        boolean pageSizeExtensions,
        boolean globalPages,
        int physicalBits) {
    public PagingContext {
        if (physicalBits < 32 || physicalBits > 52) {
            throw new IllegalArgumentException(
                    "physical addresses of " + physicalBits + " bits, not 32 to 52");
        }
    }

    /** The state after reset: no paging. */
    public static PagingContext off(int physicalBits) {
        return new PagingContext(
                false, false, false, false, false, false, false, false, false, false, physicalBits);
    }

    /**
     * Number of bits of a linear address that are translated; the ones above must repeat the
     * topmost in long mode.
     */
    int linearBits() {
        return !longMode ? 32 : fiveLevel ? 57 : 48;
    }

    boolean paePaging() {
        return paging && pae && !longMode;
    }
}
