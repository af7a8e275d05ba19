package dev.carafe.firmware.elf;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.bytes.LittleEndian;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A section that is held compressed (System V ABI, "Section Compression"). */
final class CompressedSection {
    private static final int ELFCOMPRESS_ZLIB = 1;
    private static final int HEADER_32 = 12;
    private static final int HEADER_64 = 24;
    private static final long LARGEST = 256L << 20;

    private CompressedSection() {}

    static byte[] unpack(ElfFile elf, String name, byte[] packed) throws BootException {
        int header = elf.is64() ? HEADER_64 : HEADER_32;
        if (packed.length < header) {
            throw elf.broken("has a section " + name + " too short for its compression header");
        }
        int method = LittleEndian.get32(packed, 0);
        long size =
                elf.is64()
                        ? LittleEndian.get64(packed, 8)
                        : LittleEndian.get32(packed, 4) & 0xFFFF_FFFFL;
        if (method != ELFCOMPRESS_ZLIB || size < 0 || size > LARGEST) {
            throw elf.broken(
                    "has a section " + name + " of " + size + " bytes, compressed by " + method);
        }
        byte[] content = new byte[(int) size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed, header, packed.length - header);
            if (inflater.inflate(content) != size) {
                throw elf.broken("has a section " + name + " that ends before its time");
            }
            return content;
        } catch (DataFormatException e) {
            throw elf.broken("has a section " + name + " that cannot be unpacked");
        } finally {
            inflater.end();
        }
    }
}
