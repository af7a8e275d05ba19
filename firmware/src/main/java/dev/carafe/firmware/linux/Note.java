package dev.carafe.firmware.linux;

import dev.carafe.firmware.bytes.LittleEndian;

/**
 * A note of an ELF file (System V ABI, "Note Section").
 *
 * @param name where its owner's name begins in the file
 * @param nameSize with the final zero
 * @param description where its content begins
 * @param descriptionSize bytes of content
 * @param end where the next note begins
 */
record Note(int type, long name, long nameSize, long description, long descriptionSize, long end) {
    private static final int HEADER = 12;

    static Note at(byte[] file, int at, int padding) {
        long nameSize = LittleEndian.get32(file, at) & 0xFFFF_FFFFL;
        long size = LittleEndian.get32(file, at + 4) & 0xFFFF_FFFFL;
        long name = at + HEADER;
        long description = at + (HEADER + nameSize + padding - 1 & -padding);
        long end = description + (size + padding - 1 & -padding);
        return new Note(LittleEndian.get32(file, at + 8), name, nameSize, description, size, end);
    }

    /** Whether the owner is this one, and at least four bytes of content lie before {@code end}. */
    boolean isFrom(byte[] file, byte[] owner, long segmentEnd) {
        if (nameSize != owner.length
                || descriptionSize < Integer.BYTES
                || description + Integer.BYTES > segmentEnd) {
            return false;
        }
        for (int i = 0; i < owner.length; i++) {
            if (file[(int) name + i] != owner[i]) {
                return false;
            }
        }
        return true;
    }
}
