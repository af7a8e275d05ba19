package dev.carafe.firmware;

/** A range of physical addresses of one type. */
public record MemoryRegion(long base, long length, MemoryType type) {
    public long end() {
        return base + length;
    }
}
