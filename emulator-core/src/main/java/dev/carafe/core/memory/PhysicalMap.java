package dev.carafe.core.memory;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import java.util.ArrayList;
import java.util.List;

/** What answers at each physical address; immutable. */
final class PhysicalMap {
    static final PhysicalMap EMPTY = new PhysicalMap(List.of());

    /**
     * A range with one answer.
     *
     * @param range where
     * @param offset of its first byte in {@link Ram}, or −1 for a device
     * @param writable whether stores change memory
     * @param device what answers, or null
     */
    record Region(AddressRange range, long offset, boolean writable, BusDevice device) {
        boolean memory() {
            return offset >= 0;
        }

        /** Offset in {@link Ram} of a physical address in this region of memory. */
        long offsetOf(long physical) {
            return offset + (physical - range.start());
        }
    }

    private final Region[] regions; // in order of address
    private final Region largest; // of RAM, and usually the right one
    private final long largestStart;
    private final long largestLength;

    private PhysicalMap(List<Region> sorted) {
        regions = sorted.toArray(Region[]::new);
        Region most = null;
        for (Region region : regions) {
            if (region.writable()
                    && (most == null || region.range().length() > most.range().length())) {
                most = region;
            }
        }
        largest = most;
        largestStart = most == null ? 0 : most.range().start();
        largestLength = most == null ? 0 : most.range().length();
    }

    /** The region at an address, or null where nobody answers. */
    Region find(long physical) {
        long distance = physical - largestStart;
        return distance >= 0 && distance < largestLength ? largest : search(physical);
    }

    private Region search(long physical) {
        int low = 0;
        int high = regions.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            AddressRange range = regions[middle].range();
            if (physical < range.start()) {
                high = middle - 1;
            } else if (physical >= range.end()) {
                low = middle + 1;
            } else {
                return regions[middle];
            }
        }
        return null;
    }

    /** Bytes from an address to the next one that another region, or none, answers for. */
    long run(long physical) {
        Region region = find(physical);
        if (region != null) {
            return region.range().end() - physical;
        }
        for (Region next : regions) {
            if (next.range().start() > physical) {
                return next.range().start() - physical;
            }
        }
        return Long.MAX_VALUE - physical;
    }

    /** Where RAM and ROM lie, in order of address. */
    List<AddressRange> memoryRanges() {
        List<AddressRange> ranges = new ArrayList<>();
        for (Region region : regions) {
            if (region.memory()) {
                ranges.add(region.range());
            }
        }
        return ranges;
    }

    PhysicalMap with(Region added) {
        for (Region region : regions) {
            if (region.range().overlaps(added.range())) {
                throw new IllegalArgumentException(
                        "physical addresses %s are taken: %s lies there"
                                .formatted(added.range(), region.range()));
            }
        }
        List<Region> all = new ArrayList<>(List.of(regions));
        all.add(added);
        all.sort((a, b) -> Long.compare(a.range().start(), b.range().start()));
        return new PhysicalMap(all);
    }

    PhysicalMap without(AddressRange range) {
        List<Region> all = new ArrayList<>();
        for (Region region : regions) {
            if (!region.range().overlaps(range)) {
                all.add(region);
            } else if (!region.memory()) {
                if (!region.range().equals(range)) {
                    throw new IllegalArgumentException(
                            "only part of the device at %s lies in %s"
                                    .formatted(region.range(), range));
                }
            } else {
                keepOutside(region, range, all);
            }
        }
        return new PhysicalMap(all);
    }

    private static void keepOutside(Region region, AddressRange range, List<Region> into) {
        long start = region.range().start();
        long end = region.range().end();
        if (start < range.start()) {
            into.add(
                    new Region(
                            new AddressRange(start, range.start() - start),
                            region.offset(),
                            region.writable(),
                            null));
        }
        if (end > range.end()) {
            into.add(
                    new Region(
                            new AddressRange(range.end(), end - range.end()),
                            region.offsetOf(range.end()),
                            region.writable(),
                            null));
        }
    }
}
