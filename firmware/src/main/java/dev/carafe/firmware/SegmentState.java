package dev.carafe.firmware;

/**
 * A segment register with its hidden part. {@code attributes} has the layout of SDM Vol. 3C, "Guest
 * Register State", "Segment access rights": bits 3:0 type, 4 S, 6:5 DPL, 7 P, 12 AVL, 13 L, 14 D/B,
 * 15 G, 16 unusable. {@code limit} is in bytes, unsigned.
 */
public record SegmentState(int selector, long base, int limit, int attributes) {
    private static final int UNUSABLE = 1 << 16;

    public static final SegmentState NULL = new SegmentState(0, 0, 0, UNUSABLE);

    public boolean usable() {
        return (attributes & UNUSABLE) == 0;
    }

    public static SegmentState code64(int selector) {
        return new SegmentState(selector, 0, 0, 0x209B);
    }

    /**
     * The data segment that the Limine GDT describes for long mode: base and limit are not used
     * there.
     */
    public static SegmentState data64(int selector) {
        return new SegmentState(selector, 0, 0, 0x0093);
    }

    public static SegmentState flatCode32(int selector) {
        return new SegmentState(selector, 0, 0xFFFF_FFFF, 0xC09B);
    }

    public static SegmentState flatData32(int selector) {
        return new SegmentState(selector, 0, 0xFFFF_FFFF, 0xC093);
    }

    /** A busy TSS of limit zero: TR is loaded, yet no stack switch can succeed. */
    public static SegmentState emptyTss(int selector) {
        return new SegmentState(selector, 0, 0, 0x008B);
    }

    /** TR after reset (SDM Vol. 3A, "Processor State After Reset"). */
    public static SegmentState resetTss() {
        return new SegmentState(0, 0, 0xFFFF, 0x008B);
    }

    /** LDTR after reset. */
    public static SegmentState resetLdt() {
        return new SegmentState(0, 0, 0xFFFF, 0x0082);
    }
}
