package dev.carafe.firmware.elf;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The PT_LOAD segments of a 64-bit file laid out as they will stand in memory. Offsets count from
 * the lowest virtual address. Only the part up to the end of the highest segment's file content is
 * held; all behind it reads as zero and is added when something is written there.
 */
public final class ElfImage {
    private final ElfFile elf;
    private final long base;
    private final long size;
    private final int scanLimit;
    private byte[] bytes;

    /**
     * @param base virtual address of offset 0
     * @param size of the whole image, not over the size of an array
     * @param scanLimit size less the zeros at its end
     */
    public ElfImage(ElfFile elf, long base, long size, long scanLimit) {
        this.elf = elf;
        this.base = base;
        this.size = size;
        this.scanLimit = (int) scanLimit;
        bytes = new byte[this.scanLimit];
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.PT_LOAD && segment.fileSize() > 0) {
                int at = (int) (segment.virtualAddress() - base);
                System.arraycopy(
                        elf.bytes(), (int) segment.offset(), bytes, at, (int) segment.fileSize());
            }
        }
    }

    public long size() {
        return size;
    }

    /** Size without the zeros at the end that the file does not hold. */
    public int scanLimit() {
        return scanLimit;
    }

    /** What must be written to memory; zeros follow up to {@link #size()}. Not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean contains(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= size - length;
    }

    public int get32(long offset) {
        return offset + 4 <= bytes.length
                ? LittleEndian.get32(bytes, (int) offset)
                : (int) get64Slowly(offset);
    }

    public long get64(long offset) {
        return offset + 8 <= bytes.length
                ? LittleEndian.get64(bytes, (int) offset)
                : get64Slowly(offset);
    }

    private long get64Slowly(long offset) {
        long value = 0;
        for (int i = 0; i < 8 && offset + i < bytes.length; i++) {
            value |= (bytes[(int) offset + i] & 0xFFL) << 8 * i;
        }
        return value;
    }

    public void put64(long offset, long value) {
        if (offset + 8 > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            (int) Math.min(size, Math.max(offset + 8, bytes.length + 0x10000L)));
        }
        LittleEndian.put64(bytes, (int) offset, value);
    }

    /** The C string at that offset, or null if it does not end inside the image. */
    public String string(long offset) {
        if (!contains(offset, 1)) {
            return null;
        }
        int start = (int) Math.min(offset, bytes.length);
        int end = start;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end == size ? null : new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /**
     * Offset of a link-time virtual address; a refusal if it with {@code length} bytes is not in
     * the image.
     */
    long offsetOf(long virtual, long length, String what) throws BootException {
        long offset = virtual - base;
        if (!contains(offset, length)) {
            throw elf.broken(
                    "has a "
                            + what
                            + " at "
                            + hex(virtual)
                            + " of "
                            + hex(length)
                            + " bytes outside of its segments");
        }
        return offset;
    }
}
