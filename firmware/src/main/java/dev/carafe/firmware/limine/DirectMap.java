package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.MemoryType;
import java.util.ArrayList;
import java.util.List;

/**
 * Which physical memory a base revision maps, in the higher-half direct map and, for revision 0,
 * one to one (PROTOCOL, "Base Revision Changes Summary").
 */
final class DirectMap {
    private final int baseRevision;
    private final List<MemoryRegion> ranges = new ArrayList<>();

    /**
     * @param map regions ascending; which of them are usable or loader's does not matter, both are
     *     always mapped
     */
    DirectMap(int baseRevision, List<MemoryRegion> map) {
        this.baseRevision = baseRevision;
        if (baseRevision <= 2) {
            append(0, GuestLayout.FOUR_GIB, MemoryType.USABLE);
        }
        for (MemoryRegion region : map) {
            if (covers(region.type())) {
                long start = region.base() & -GuestLayout.PAGE;
                long end = region.end() + GuestLayout.PAGE - 1 & -GuestLayout.PAGE;
                append(start, end, region.type());
            }
        }
        cutOutFramebuffer(map);
    }

    private boolean covers(MemoryType type) {
        if (baseRevision == 0) {
            return true;
        }
        if (type == MemoryType.ACPI_RECLAIMABLE
                || type == MemoryType.ACPI_NVS
                || type == MemoryType.RESERVED_MAPPED) {
            return baseRevision
                    != 3; // revisions 1 and 2 map everything but reserved and bad memory
        }
        return type != MemoryType.RESERVED && type != MemoryType.BAD;
    }

    /**
     * Ranges come ascending; what an earlier one already covers is left away, and neighbours become
     * one.
     */
    private void append(long start, long end, MemoryType type) {
        int last = ranges.size() - 1;
        if (last < 0 || start > ranges.get(last).end()) {
            ranges.add(new MemoryRegion(start, end - start, type));
        } else if (end > ranges.get(last).end()) {
            MemoryRegion before = ranges.get(last);
            ranges.set(last, new MemoryRegion(before.base(), end - before.base(), before.type()));
        }
    }

    /** The framebuffer has a caching mode of its own, so it must be a range of its own. */
    private void cutOutFramebuffer(List<MemoryRegion> map) {
        for (MemoryRegion region : map) {
            if (region.type() != MemoryType.FRAMEBUFFER) {
                continue;
            }
            for (int i = 0; i < ranges.size(); i++) {
                MemoryRegion range = ranges.get(i);
                if (range.base() <= region.base() && region.end() <= range.end()) {
                    ranges.remove(i);
                    insert(i, region.end(), range.end(), MemoryType.USABLE);
                    ranges.add(i, region);
                    insert(i, range.base(), region.base(), MemoryType.USABLE);
                    break;
                }
            }
        }
    }

    private void insert(int index, long start, long end, MemoryType type) {
        if (end > start) {
            ranges.add(index, new MemoryRegion(start, end - start, type));
        }
    }

    /** First address behind everything that is mapped, and at least 4 GiB. */
    long spanTop() {
        return Math.max(GuestLayout.FOUR_GIB, ranges.get(ranges.size() - 1).end());
    }

    void build(PageTables tables, long hhdm) throws BootException {
        for (MemoryRegion range : ranges) {
            long flags = PageTables.WRITABLE;
            if (range.type() == MemoryType.FRAMEBUFFER) {
                flags |= PageTables.WRITE_COMBINING;
            }
            tables.map(hhdm + range.base(), range.base(), range.length(), flags, true);
            if (baseRevision == 0) {
                long start = Math.max(range.base(), GuestLayout.PAGE); // page 0 stays unmapped
                tables.map(start, start, range.end() - start, flags, true);
            }
        }
    }
}
