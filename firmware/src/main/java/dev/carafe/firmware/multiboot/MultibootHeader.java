package dev.carafe.firmware.multiboot;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.bytes.LittleEndian;

/**
 * The header that marks a Multiboot kernel ("OS image format"), and where in the file it stands.
 */
record MultibootHeader(byte[] file, int offset, int flags) {
    private static final int MAGIC = 0x1BAD_B002;
    private static final int SEARCHED = 8192;
    private static final int SHORT_LENGTH = 12;
    private static final int ADDRESSES_LENGTH = 32;

    private static final int PAGE_ALIGN = 1;
    private static final int MEMORY_INFO = 1 << 1;
    private static final int VIDEO_MODE = 1 << 2;
    private static final int ADDRESSES = 1 << 16;
    private static final int UNDERSTOOD = PAGE_ALIGN | MEMORY_INFO | VIDEO_MODE;
    private static final int MUST_UNDERSTAND = 0xFFFF;

    /** The first header with a right checksum, or null. */
    static MultibootHeader find(byte[] file) {
        int end = Math.min(SEARCHED, file.length) - SHORT_LENGTH;
        for (int at = 0; at <= end; at += 4) {
            if (file[at] == 0x02 && LittleEndian.get32(file, at) == MAGIC) {
                int flags = LittleEndian.get32(file, at + 4);
                if (MAGIC + flags + LittleEndian.get32(file, at + 8) == 0) {
                    return new MultibootHeader(file, at, flags);
                }
            }
        }
        return null;
    }

    boolean hasAddresses() {
        return (flags & ADDRESSES) != 0;
    }

    void check(String name) throws BootException {
        int unknown = flags & MUST_UNDERSTAND & ~UNDERSTOOD;
        if (unknown != 0) {
            throw new BootException(
                    "'"
                            + name
                            + "' requires the Multiboot features "
                            + hex(unknown)
                            + ", which are not supported");
        }
        if (hasAddresses() && offset + ADDRESSES_LENGTH > file.length) {
            throw new BootException(
                    "'" + name + "' is truncated in its Multiboot header at offset " + hex(offset));
        }
    }

    private long field(int at) {
        return LittleEndian.get32(file, offset + at) & 0xFFFF_FFFFL;
    }

    long headerAddress() {
        return field(12);
    }

    long loadAddress() {
        return field(16);
    }

    long loadEndAddress() {
        return field(20);
    }

    long bssEndAddress() {
        return field(24);
    }

    long entryAddress() {
        return field(28);
    }
}
