package dev.carafe.core.memory;

/**
 * One entry that a page walk reads, as it is told to people.
 *
 * @param level 0 for the page table's entry (PTE), 1 for PDE, 2 for PDPTE, 3 for PML4E, 4 for PML5E
 * @param address physical address of the entry
 * @param value what it holds
 * @param leaf whether it maps a page
 * @param reserved bits that are set and may not be
 */
public record PageEntry(int level, long address, long value, boolean leaf, long reserved) {
    private static final String[] NAMES = {"PTE", "PDE", "PDPTE", "PML4E", "PML5E"};

    /** The manual's name for an entry of this level. */
    public String name() {
        return NAMES[level];
    }

    public boolean present() {
        return (value & PagingFormat.PRESENT) != 0;
    }

    public boolean writable() {
        return (value & PagingFormat.WRITABLE) != 0;
    }

    public boolean user() {
        return (value & PagingFormat.USER) != 0;
    }

    /** Bit 63, which is reserved where EFER.NXE is clear. */
    public boolean noExecute() {
        return value < 0;
    }
}
