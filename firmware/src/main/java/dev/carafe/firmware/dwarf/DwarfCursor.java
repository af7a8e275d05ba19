package dev.carafe.firmware.dwarf;

import dev.carafe.firmware.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;

/** Reads numbers and strings, one after the other, and never outside its bounds. */
final class DwarfCursor {
    private static final int LONGEST_NUMBER = 70; // bits that LEB128 digits may come to

    private final byte[] data;
    private final int end;
    private int at;

    DwarfCursor(byte[] data, int from, int end) {
        this.data = data;
        this.end = end;
        at = from;
    }

    int position() {
        return at;
    }

    int end() {
        return end;
    }

    boolean atEnd() {
        return at >= end;
    }

    /** The part from here of that length; this cursor goes on behind it. */
    DwarfCursor slice(long length) throws BrokenDwarf {
        int from = at;
        skip(length);
        return new DwarfCursor(data, from, at);
    }

    void skip(long length) throws BrokenDwarf {
        if (length < 0 || length > end - at) {
            throw new BrokenDwarf("a length of " + length + " bytes at offset " + at);
        }
        at += (int) length;
    }

    int unsigned8() throws BrokenDwarf {
        need(1);
        return data[at++] & 0xFF;
    }

    int signed8() throws BrokenDwarf {
        return (byte) unsigned8();
    }

    int unsigned16() throws BrokenDwarf {
        need(2);
        at += 2;
        return LittleEndian.get16(data, at - 2);
    }

    long unsigned32() throws BrokenDwarf {
        need(4);
        at += 4;
        return LittleEndian.get32(data, at - 4) & 0xFFFF_FFFFL;
    }

    long word64() throws BrokenDwarf {
        need(8);
        at += 8;
        return LittleEndian.get64(data, at - 8);
    }

    /** A number of 1, 2, 4 or 8 bytes. */
    long number(int size) throws BrokenDwarf {
        return switch (size) {
            case 1 -> unsigned8();
            case 2 -> unsigned16();
            case 4 -> unsigned32();
            case 8 -> word64();
            default -> throw new BrokenDwarf("a number of " + size + " bytes");
        };
    }

    long unsignedLeb() throws BrokenDwarf {
        long value = 0;
        for (int shift = 0; shift <= LONGEST_NUMBER; shift += 7) {
            int digit = unsigned8();
            value |= shift < Long.SIZE ? (long) (digit & 0x7F) << shift : 0;
            if ((digit & 0x80) == 0) {
                return value;
            }
        }
        throw new BrokenDwarf("a number without end");
    }

    long signedLeb() throws BrokenDwarf {
        long value = 0;
        for (int shift = 0; shift <= LONGEST_NUMBER; shift += 7) {
            int digit = unsigned8();
            value |= shift < Long.SIZE ? (long) (digit & 0x7F) << shift : 0;
            if ((digit & 0x80) == 0) {
                int bits = shift + 7;
                return bits < Long.SIZE && (digit & 0x40) != 0 ? value | -1L << bits : value;
            }
        }
        throw new BrokenDwarf("a number without end");
    }

    /** A string that a zero ends. */
    String text() throws BrokenDwarf {
        int from = at;
        while (unsigned8() != 0) {
            // to its end
        }
        return new String(data, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    private void need(int bytes) throws BrokenDwarf {
        if (end - at < bytes) {
            throw new BrokenDwarf("an end at offset " + end);
        }
    }
}
