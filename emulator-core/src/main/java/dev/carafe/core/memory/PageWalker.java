package dev.carafe.core.memory;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.PhysicalMap.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the paging structures (SDM Vol. 3A, "Paging"): 32-bit paging with PSE and PSE-36, PAE,
 * 4-level and 5-level paging. The result of the last walk stands in its fields. Touched by its
 * vCPU's thread only.
 *
 * <p>Accessed and dirty flags are set after the access has passed all checks, each by
 * compare-and-swap on its entry; when another processor changed an entry meanwhile, the walk starts
 * anew. A walk that faults sets no flag, which the manual allows and the 80386 does.
 *
 * <p>The page table used last is remembered (SDM Vol. 3A, "Paging-Structure Caches") until the next
 * flush or INVLPG. A walk that begins there and does not succeed is done over from the root, so
 * that it never faults on what has changed since.
 *
 * <p>Not modelled: memory types.
 */
final class PageWalker {
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
    private boolean peeking; // no device may be asked
    private long knownTable;
    private boolean tableWritable; // rights that the entries above the page table leave
    private boolean tableUser;
    private boolean tableNoExecute;

    /** What the last translation allows. */
    final AccessRights rights = new AccessRights();

    private PagingContext context;
    private boolean paging;
    private boolean globalPages;
    private PagingFormat format;
    private long root;

    /** Physical address of the 4 KiB page found. */
    long frame;

    boolean global;

    /** The translation is bigger than 4 KiB. */
    boolean large;

    PageWalker(PhysicalBus bus, int physicalBits) {
        this.bus = bus;
        context = PagingContext.off(physicalBits);
        format = new PagingFormat(context);
        rights.configure(context);
    }

    /**
     * Changes modes.
     *
     * @param loadsPointers whether the change loads the page-directory pointers of PAE paging;
     *     #GP(0) and no change when they have reserved bits
     */
    void configure(PagingContext changed, boolean loadsPointers) {
        PagingFormat changedFormat = new PagingFormat(changed);
        if (loadsPointers && changed.paePaging()) {
            loadPdptes(root, changedFormat);
        }
        context = changed;
        format = changedFormat;
        paging = changed.paging();
        globalPages = changed.has(PagingControl.GLOBAL_PAGES);
        rights.configure(changed);
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
    void walk(long linear, int access, int accessor) {
        if (format.region(linear) == knownRegion
                && findInKnownTable(linear)
                && rights.permits(access, accessor)
                && markUsed(access, 0)) {
            return;
        }
        do {
            int problem = find(linear);
            if (problem != 0 || !rights.permits(access, accessor)) {
                throw rights.pageFault(linear, access, accessor, problem);
            }
        } while (!markUsed(access, topLevel()));
        if (paging && leafLevel == 0) {
            knownRegion = format.region(linear);
        }
    }

    /** Translates without check and effect; false when nothing is mapped. */
    boolean peek(long linear) {
        peeking = true;
        boolean found = find(linear) == 0;
        peeking = false;
        forgetTable();
        return found;
    }

    /** The entries that a walk reads, from the root to where it ends; none without paging. */
    List<PageEntry> trace(long linear) {
        find(linear);
        List<PageEntry> trace = new ArrayList<>();
        boolean pdpteAbsent =
                context.paePaging()
                        && (pdptes[(int) (linear >>> 30) & 3] & PagingFormat.PRESENT) == 0;
        if (context.paePaging()) {
            int index = (int) (linear >>> 30) & 3;
            long at = (root & PagingFormat.PDPT_MASK) + 8L * index;
            trace.add(new PageEntry(PAE_LEVELS, at, pdptes[index], false, 0));
        }
        for (int level = topLevel(); paging && !pdpteAbsent && level >= leafLevel; level--) {
            long entry = entries[level];
            boolean leaf = format.isLeaf(entry, level);
            long reserved = entry & format.reserved(level, leaf);
            trace.add(new PageEntry(level, addresses[level], entry, leaf, reserved));
        }
        return trace;
    }

    private boolean findInKnownTable(long linear) {
        rights.tablesWritable = tableWritable;
        rights.user = tableUser;
        rights.noExecute = tableNoExecute;
        return descend(linear, knownTable, 0) == 0;
    }

    /**
     * Returns 0, {@link AccessRights#NOT_PRESENT}, or {@link AccessRights#ERROR_RESERVED}; fills
     * the result fields.
     */
    private int find(long linear) {
        forgetTable();
        rights.everything();
        large = false;
        global = false;
        if (!paging) {
            frame = linear & Tlb.PAGE_MASK;
            return 0;
        }
        long table = root & format.tableMask;
        if (context.paePaging()) {
            long pdpte = pdptes[(int) (linear >>> 30) & 3];
            if ((pdpte & PagingFormat.PRESENT) == 0) {
                leafLevel = topLevel();
                return AccessRights.NOT_PRESENT;
            }
            table = pdpte & format.addressMask;
        }
        return descend(linear, table, topLevel());
    }

    private int topLevel() {
        return context.paePaging() ? PAE_LEVELS - 1 : format.levels - 1;
    }

    private int descend(long linear, long first, int top) {
        AccessRights found = rights;
        long table = first;
        for (int level = top; ; level--) {
            if (level == 0) {
                knownTable = table;
                tableWritable = found.tablesWritable;
                tableUser = found.user;
                tableNoExecute = found.noExecute;
            }
            long address = format.entryAddress(table, linear, level);
            if (peeking && bus.memoryOffset(address) < 0) {
                return AccessRights.NOT_PRESENT; // a device may not notice
            }
            long entry = bus.read(address, format.entrySize);
            addresses[level] = address;
            entries[level] = entry;
            leafLevel = level;
            if ((entry & PagingFormat.PRESENT) == 0) {
                return AccessRights.NOT_PRESENT;
            }
            boolean leaf = format.isLeaf(entry, level);
            if ((entry & format.reserved(level, leaf)) != 0) {
                return AccessRights.ERROR_RESERVED;
            }
            found.user &= (entry & PagingFormat.USER) != 0;
            found.noExecute |= entry < 0 && format.entrySize == Long.BYTES;
            if (leaf) {
                found.pageWritable = (entry & PagingFormat.WRITABLE) != 0;
                found.dirty = (entry & PagingFormat.DIRTY) != 0;
                found.setKey(entry);
                frame = format.frame(entry, linear, level);
                large = level > 0;
                global = globalPages && (entry & PagingFormat.GLOBAL) != 0;
                return 0;
            }
            found.tablesWritable &= (entry & PagingFormat.WRITABLE) != 0;
            table = entry & format.addressMask;
        }
    }

    private boolean markUsed(int access, int top) {
        if (!paging) {
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
        rights.dirty |= access == Tlb.WRITE;
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
