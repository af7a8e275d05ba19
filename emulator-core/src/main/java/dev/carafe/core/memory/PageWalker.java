package dev.carafe.core.memory;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.PhysicalMap.Region;

/**
 * Walks the paging structures (SDM Vol. 3A, "Paging"): 32-bit paging with PSE and PSE-36, PAE,
 * 4-level and 5-level paging. The result of the last walk stands in its fields. Touched by its
 * vCPU's thread only.
 *
 * <p>Accessed and dirty flags are set after the access has passed all checks, each by
 * compare-and-swap on its entry; when another processor changed an entry meanwhile, the walk starts
 * anew.
 *
 * <p>The page table used last is remembered (SDM Vol. 3A, "Paging-Structure Caches") until the next
 * flush or INVLPG. A walk that begins there and does not succeed is done over from the root, so
 * that it never faults on what has changed since.
 *
 * <p>Not modelled: protection keys, PCIDs, shadow stacks, memory types. A walk that faults sets no
 * accessed flag, also not in the upper entries, where hardware may.
 */
final class PageWalker {
    static final int USER = 0;
    static final int SUPERVISOR = 1;

    /** Supervisor with EFLAGS.AC: SMAP does not apply. */
    static final int SUPERVISOR_AC = 2;

    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 1 << 1;
    private static final int ERROR_USER = 1 << 2;
    private static final int ERROR_RESERVED = 1 << 3;
    private static final int ERROR_FETCH = 1 << 4;

    private static final int PDPTES = 4;
    private static final int MAX_LEVELS = 5;
    private static final int PAE_LEVELS = 2; // that are walked; the PDPTEs stand in registers

    private final PhysicalBus bus;
    private final long[] pdptes = new long[PDPTES];
    private final long[] addresses =
            new long[MAX_LEVELS]; // entries used by the last walk, by level
    private final long[] entries = new long[MAX_LEVELS];
    private int leafLevel;

    private static final long NONE = -1;
    private long knownRegion = NONE; // what the remembered page table maps
    private long knownTable;
    private boolean tableWritable; // rights that the entries above the page table leave
    private boolean tableUser;
    private boolean tableNoExecute;

    private PagingContext context;
    private PagingFormat format;
    private long root;

    /** Physical address of the 4 KiB page found. */
    long frame;

    private boolean writable;
    private boolean user;
    private boolean noExecute;
    private boolean dirty;
    boolean global;

    /** The translation is bigger than 4 KiB. */
    boolean large;

    PageWalker(PhysicalBus bus, int physicalBits) {
        this.bus = bus;
        context = PagingContext.off(physicalBits);
        format = new PagingFormat(context);
    }

    PagingContext context() {
        return context;
    }

    /**
     * Changes modes; #GP(0) and no change when PAE paging finds reserved bits in the page-directory
     * pointers.
     */
    void configure(PagingContext changed) {
        PagingFormat changedFormat = new PagingFormat(changed);
        if (changed.paePaging()) {
            loadPdptes(root, changedFormat);
        }
        context = changed;
        format = changedFormat;
        forgetTable();
    }

    /**
     * MOV to CR3; #GP(0) and no change when PAE paging finds reserved bits in the page-directory
     * pointers.
     */
    void setRoot(long cr3) {
        if (context.paePaging()) {
            loadPdptes(cr3, format);
        }
        root = cr3;
        forgetTable();
    }

    /** INVLPG and all flushes. */
    void forgetTable() {
        knownRegion = NONE;
    }

    /** Translates, or throws the #PF that the access raises. */
    void walk(long linear, int access, int privilege) {
        if (format.region(linear) == knownRegion
                && findInKnownTable(linear)
                && permits(access, privilege)
                && markUsed(access, 0)) {
            return;
        }
        do {
            int problem = find(linear);
            if (problem != 0 || !permits(access, privilege)) {
                throw pageFault(linear, access, privilege, problem);
            }
        } while (!markUsed(access, topLevel()));
        if (context.paging() && leafLevel == 0) {
            knownRegion = format.region(linear);
        }
    }

    /** Translates without check and effect; false when nothing is mapped. */
    boolean peek(long linear) {
        return find(linear) == 0;
    }

    /**
     * Whether the last translation allows an access (SDM Vol. 3A, "Determination of Access
     * Rights").
     */
    boolean permits(int access, int privilege) {
        if (!context.paging()) {
            return true;
        }
        if (access == Tlb.EXECUTE && noExecute) {
            return false;
        }
        if (privilege == USER) {
            return user && (access != Tlb.WRITE || writable);
        }
        if (user && access == Tlb.EXECUTE) {
            return !context.smep();
        }
        if (user && privilege != SUPERVISOR_AC && context.smap()) {
            return false;
        }
        return access != Tlb.WRITE || writable || !context.writeProtect();
    }

    /** Whether a later store needs no further walk: the dirty flag is set. */
    boolean dirty() {
        return dirty;
    }

    private static final int NOT_PRESENT = -1;

    private boolean findInKnownTable(long linear) {
        writable = tableWritable;
        user = tableUser;
        noExecute = tableNoExecute;
        return descend(linear, knownTable, 0) == 0;
    }

    /** Returns 0, {@link #NOT_PRESENT}, or {@link #ERROR_RESERVED}; fills the result fields. */
    private int find(long linear) {
        forgetTable();
        writable = true;
        user = true;
        noExecute = false;
        large = false;
        global = false;
        dirty = true;
        if (!context.paging()) {
            frame = linear & Tlb.PAGE_MASK;
            return 0;
        }
        long table = root & format.tableMask;
        if (context.paePaging()) {
            long pdpte = pdptes[(int) (linear >>> 30) & 3];
            if ((pdpte & PagingFormat.PRESENT) == 0) {
                return NOT_PRESENT;
            }
            table = pdpte & format.addressMask;
        }
        return descend(linear, table, topLevel());
    }

    private int topLevel() {
        return context.paePaging() ? PAE_LEVELS - 1 : format.levels - 1;
    }

    private int descend(long linear, long first, int top) {
        long table = first;
        for (int level = top; ; level--) {
            if (level == 0) {
                knownTable = table;
                tableWritable = writable;
                tableUser = user;
                tableNoExecute = noExecute;
            }
            long address = format.entryAddress(table, linear, level);
            long entry = bus.read(address, format.entrySize);
            addresses[level] = address;
            entries[level] = entry;
            if ((entry & PagingFormat.PRESENT) == 0) {
                return NOT_PRESENT;
            }
            boolean leaf = format.isLeaf(entry, level);
            if ((entry & format.reserved(level, leaf)) != 0) {
                return ERROR_RESERVED;
            }
            writable &= (entry & PagingFormat.WRITABLE) != 0;
            user &= (entry & PagingFormat.USER) != 0;
            noExecute |= entry < 0 && format.entrySize == Long.BYTES;
            if (leaf) {
                leafLevel = level;
                frame = format.frame(entry, linear, level);
                large = level > 0;
                global = context.globalPages() && (entry & PagingFormat.GLOBAL) != 0;
                dirty = (entry & PagingFormat.DIRTY) != 0;
                return 0;
            }
            table = entry & format.addressMask;
        }
    }

    private boolean markUsed(int access, int top) {
        if (!context.paging()) {
            return true;
        }
        for (int level = top; level >= leafLevel; level--) {
            long wanted = PagingFormat.ACCESSED;
            if (level == leafLevel && access == Tlb.WRITE) {
                wanted |= PagingFormat.DIRTY;
            }
            if ((entries[level] & wanted) != wanted && !setFlags(level, wanted)) {
                return false;
            }
        }
        dirty |= access == Tlb.WRITE;
        return true;
    }

    /** Returns false when the entry has changed since it was read. */
    private boolean setFlags(int level, long flags) {
        long address = addresses[level];
        long entry = entries[level];
        Region region = bus.map().find(address);
        if (region == null || !region.memory()) {
            bus.write(address, format.entrySize, entry | flags);
            return true;
        }
        if (region.writable()) {
            if (!bus.ram()
                    .compareAndSet(
                            region.offsetOf(address), format.entrySize, entry, entry | flags)) {
                return false;
            }
            bus.stored(address, format.entrySize);
        }
        return true;
    }

    private CpuFault pageFault(long linear, int access, int privilege, int problem) {
        int error = problem == NOT_PRESENT ? 0 : ERROR_PRESENT | problem;
        if (access == Tlb.WRITE) {
            error |= ERROR_WRITE;
        }
        if (privilege == USER) {
            error |= ERROR_USER;
        }
        if (access == Tlb.EXECUTE && (context.smep() || context.pae() && context.noExecute())) {
            error |= ERROR_FETCH;
        }
        return CpuFault.pageFault(error, linear);
    }

    /** SDM Vol. 3A, "PDPTE Registers". */
    private void loadPdptes(long cr3, PagingFormat paeFormat) {
        long[] loaded = new long[PDPTES];
        for (int i = 0; i < PDPTES; i++) {
            loaded[i] = bus.read((cr3 & PagingFormat.PDPT_MASK) + 8L * i, Long.BYTES);
            if ((loaded[i] & PagingFormat.PRESENT) != 0
                    && (loaded[i] & paeFormat.reservedPdpte) != 0) {
                throw CpuFault.generalProtection(0);
            }
        }
        System.arraycopy(loaded, 0, pdptes, 0, PDPTES);
    }
}
