package dev.carafe.core.bus;

/**
 * A range of ports or physical addresses.
 *
 * @param start first address
 * @param length bytes, at least 1
 */
public record AddressRange(long start, long length) {
    public AddressRange {
        if (start < 0 || length < 1 || start + length < 0) {
            throw new IllegalArgumentException(
                    "range of 0x%x bytes at 0x%x".formatted(length, start));
        }
    }

    /** The first address behind the range. */
    public long end() {
        return start + length;
    }

    public boolean contains(long address) {
        return address >= start && address < end();
    }

    public boolean overlaps(AddressRange other) {
        return start < other.end() && other.start < end();
    }

    @Override
    public String toString() {
        return "0x%x-0x%x".formatted(start, end() - 1);
    }
}
