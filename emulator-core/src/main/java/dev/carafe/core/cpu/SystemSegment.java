package dev.carafe.core.cpu;

/**
 * LDTR or TR: a selector and the hidden part of a system segment (SDM Vol. 3A, "Memory-Management
 * Registers").
 *
 * @param selector visible part
 * @param base linear address
 * @param limit in bytes, unsigned
 * @param attributes see {@link Descriptor}
 */
public record SystemSegment(int selector, long base, int limit, int attributes) {
    /** LDTR after LLDT of a null selector. */
    public static SystemSegment unusable(int selector) {
        return new SystemSegment(selector, 0, 0, Descriptor.UNUSABLE);
    }

    public boolean usable() {
        return Descriptor.usable(attributes);
    }

    /** Whether bytes {@code offset} to {@code offset + size - 1} lie inside the limit. */
    public boolean contains(long offset, int size) {
        return usable() && offset + size - 1 <= Integer.toUnsignedLong(limit);
    }
}
