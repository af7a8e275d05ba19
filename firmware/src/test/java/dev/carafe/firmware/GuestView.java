package dev.carafe.firmware;

/**
 * Guest memory as a kernel sees it after loading: physical, and through the page tables of the boot
 * processor.
 */
public final class GuestView {
    public static final long NOT_MAPPED = -1;

    private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

    private final BootImage image;
    private long leaf;

    public GuestView(BootImage image) {
        this.image = image;
    }

    public int physical8(long address) {
        for (ImageSegment segment : image.segments()) {
            if (address >= segment.address() && address < segment.address() + segment.length()) {
                return segment instanceof ImageSegment.Data data
                        ? data.bytes()[(int) (address - data.address()) + data.offset()] & 0xFF
                        : 0;
            }
        }
        return 0;
    }

    public long physical(long address, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | physical8(address + i);
        }
        return value;
    }

    /** The physical address, or {@link #NOT_MAPPED}. */
    public long translate(long virtual) {
        boolean fiveLevels = (image.bsp().cr4() & 0x1000) != 0;
        long table = image.bsp().cr3();
        for (int shift = fiveLevels ? 48 : 39; ; shift -= 9) {
            leaf = physical(table + (virtual >>> shift & 511) * 8, 8);
            if ((leaf & 1) == 0) {
                return NOT_MAPPED;
            }
            if (shift == 12 || shift <= 30 && (leaf & 0x80) != 0) {
                long offset = (1L << shift) - 1;
                return leaf & FRAME & ~offset | virtual & offset;
            }
            table = leaf & FRAME;
        }
    }

    /** The last page-table entry used for that address. */
    public long leaf(long virtual) {
        translate(virtual);
        return leaf;
    }

    public long read(long virtual, int size) {
        long address = translate(virtual);
        if (address == NOT_MAPPED) {
            throw new AssertionError("not mapped: " + Long.toHexString(virtual));
        }
        return physical(address, size);
    }

    public long read64(long virtual) {
        return read(virtual, 8);
    }

    public String string(long virtual) {
        StringBuilder text = new StringBuilder();
        for (long at = virtual; read(at, 1) != 0; at++) {
            text.append((char) read(at, 1));
        }
        return text.toString();
    }

    public MemoryType typeAt(long physical) {
        for (MemoryRegion region : image.memoryMap()) {
            if (physical >= region.base() && physical < region.end()) {
                return region.type();
            }
        }
        return null;
    }
}
