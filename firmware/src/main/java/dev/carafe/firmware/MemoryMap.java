package dev.carafe.firmware;

import java.util.ArrayList;
import java.util.List;

/**
 * Regions ascending by base that never overlap, and a top-down allocator that carves from the
 * usable ones.
 */
public final class MemoryMap {
    private final List<MemoryRegion> regions = new ArrayList<>();

    public MemoryMap() {}

    /** Adds a region where none is yet. Empty regions vanish. */
    public void add(long base, long end, MemoryType type) {
        if (end <= base) {
            return;
        }
        int at = 0;
        while (at < regions.size() && regions.get(at).base() < base) {
            at++;
        }
        regions.add(at, new MemoryRegion(base, end - base, type));
    }

    /**
     * Takes {@code length} bytes, rounded up to pages, from the highest usable place below 4 GiB
     * and above 1 MiB; with {@code highMemoryToo} from above 4 GiB when there is no such place.
     *
     * @return the base, or -1 if it fits nowhere
     */
    public long allocate(long length, long alignment, MemoryType type, boolean highMemoryToo) {
        long size = length + GuestLayout.PAGE - 1 & -GuestLayout.PAGE;
        if (length < 0 || size < 0 || alignment < 0) {
            return -1;
        }
        long base = allocateIn(GuestLayout.ONE_MIB, GuestLayout.FOUR_GIB, size, alignment, type);
        return base < 0 && highMemoryToo
                ? allocateIn(GuestLayout.FOUR_GIB, Long.MAX_VALUE, size, alignment, type)
                : base;
    }

    private long allocateIn(long from, long to, long size, long alignment, MemoryType type) {
        for (int i = regions.size() - 1; i >= 0; i--) {
            MemoryRegion region = regions.get(i);
            if (region.type() != MemoryType.USABLE || region.base() < from || region.end() > to) {
                continue;
            }
            long base = region.end() - size & -alignment;
            if (base >= region.base() && size <= region.length()) {
                claim(i, base, base + size, type);
                return base;
            }
        }
        return -1;
    }

    private void claim(int index, long base, long end, MemoryType type) {
        MemoryRegion old = regions.remove(index);
        add(old.base(), base, old.type());
        add(base, end, type);
        add(end, old.end(), old.type());
    }

    /**
     * All regions ascending; neighbours of type usable, bootloader-reclaimable or reserved-mapped
     * are merged, as the real loader merges them.
     */
    public List<MemoryRegion> regions() {
        List<MemoryRegion> merged = new ArrayList<>(regions.size());
        for (MemoryRegion region : regions) {
            int last = merged.size() - 1;
            if (last >= 0 && mergeable(merged.get(last), region)) {
                MemoryRegion before = merged.get(last);
                merged.set(
                        last,
                        new MemoryRegion(
                                before.base(), before.length() + region.length(), before.type()));
            } else {
                merged.add(region);
            }
        }
        return List.copyOf(merged);
    }

    private static boolean mergeable(MemoryRegion first, MemoryRegion second) {
        MemoryType type = first.type();
        return type == second.type()
                && first.end() == second.base()
                && (type == MemoryType.USABLE
                        || type == MemoryType.BOOTLOADER_RECLAIMABLE
                        || type == MemoryType.RESERVED_MAPPED);
    }
}
