package dev.carafe.firmware.elf;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An ELF file, 32 or 64 bits, little endian. Headers are read and checked at once, sections and
 * symbols when asked for. Whatever the file says, nothing outside of it is read.
 */
public final class ElfFile {
    public static final int EM_386 = 3;
    public static final int EM_X86_64 = 62;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;

    private static final int HEADER_32 = 52;
    private static final int HEADER_64 = 64;
    private static final int SYMBOL_32 = 16;
    private static final int SYMBOL_64 = 24;
    private static final int STT_FUNC = 2;
    private static final int STT_SECTION = 3;
    private static final int STT_FILE = 4;

    private final byte[] file;
    private final String name;
    private final boolean wide;
    private final int type;
    private final int machine;
    private final long entry;
    private final List<ElfSegment> segments;

    private ElfFile(byte[] file, String name) throws BootException {
        this.file = file;
        this.name = name;
        wide = file[4] == 2;
        if (file.length < (wide ? HEADER_64 : HEADER_32)) {
            throw broken("is truncated: " + file.length + " bytes do not hold an ELF header");
        }
        if (file[4] != 1 && file[4] != 2) {
            throw broken("has the unknown ELF class " + file[4]);
        }
        if (file[5] != 1) {
            throw broken("is not little endian: ELF data encoding " + file[5]);
        }
        type = LittleEndian.get16(file, 16);
        machine = LittleEndian.get16(file, 18);
        entry = wide ? LittleEndian.get64(file, 24) : word(24);
        segments = readSegments();
    }

    public static boolean isElf(byte[] file) {
        return file.length >= 16
                && file[0] == 0x7F
                && file[1] == 'E'
                && file[2] == 'L'
                && file[3] == 'F';
    }

    /**
     * @param name for messages
     */
    public static ElfFile parse(byte[] file, String name) throws BootException {
        if (!isElf(file)) {
            throw new BootException(
                    "'"
                            + name
                            + "' is not an ELF file"
                            + (file.length == 0 ? ": it is empty" : ""));
        }
        return new ElfFile(file, name);
    }

    public boolean is64() {
        return wide;
    }

    public int type() {
        return type;
    }

    public int machine() {
        return machine;
    }

    public long entry() {
        return entry;
    }

    public byte[] bytes() {
        return file;
    }

    public String name() {
        return name;
    }

    public List<ElfSegment> segments() {
        return segments;
    }

    /** A message about this file. */
    public BootException broken(String what) {
        return new BootException("'" + name + "' " + what);
    }

    private List<ElfSegment> readSegments() throws BootException {
        long offset = wide ? LittleEndian.get64(file, 32) : word(28);
        int size = LittleEndian.get16(file, wide ? 54 : 42);
        int count = LittleEndian.get16(file, wide ? 56 : 44);
        if (count == 0) {
            return List.of();
        }
        int least = wide ? 56 : 32;
        if (size < least) {
            throw broken("has program headers of " + size + " bytes instead of " + least);
        }
        requireInside(offset, (long) size * count, "program headers");
        List<ElfSegment> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = (int) offset + i * size;
            ElfSegment segment = wide ? segment64(at) : segment32(at);
            if (segment.type() == ElfSegment.PT_LOAD || segment.type() == ElfSegment.PT_DYNAMIC) {
                requireInside(segment.offset(), segment.fileSize(), "segment");
            }
            if (segment.type() == ElfSegment.PT_LOAD
                    && Long.compareUnsigned(segment.fileSize(), segment.memorySize()) > 0) {
                throw broken(
                        "has a segment at "
                                + hex(segment.virtualAddress())
                                + " with "
                                + hex(segment.fileSize())
                                + " bytes in the file but only "
                                + hex(segment.memorySize())
                                + " in memory");
            }
            list.add(segment);
        }
        return List.copyOf(list);
    }

    private ElfSegment segment64(int at) {
        return new ElfSegment(
                LittleEndian.get32(file, at),
                LittleEndian.get32(file, at + 4),
                LittleEndian.get64(file, at + 8),
                LittleEndian.get64(file, at + 16),
                LittleEndian.get64(file, at + 24),
                LittleEndian.get64(file, at + 32),
                LittleEndian.get64(file, at + 40),
                LittleEndian.get64(file, at + 48));
    }

    private ElfSegment segment32(int at) {
        return new ElfSegment(
                LittleEndian.get32(file, at),
                LittleEndian.get32(file, at + 24),
                word(at + 4),
                word(at + 8),
                word(at + 12),
                word(at + 16),
                word(at + 20),
                word(at + 28));
    }

    private long word(int at) {
        return LittleEndian.get32(file, at) & 0xFFFF_FFFFL;
    }

    private void requireInside(long offset, long size, String what) throws BootException {
        if (offset < 0 || size < 0 || offset > file.length || size > file.length - offset) {
            throw broken(
                    "is truncated: "
                            + what
                            + " at offset "
                            + hex(offset)
                            + " of "
                            + hex(size)
                            + " bytes end beyond the file's "
                            + hex(file.length)
                            + " bytes");
        }
    }

    /** All sections in file order; empty if the file was stripped of its section headers. */
    public List<ElfSection> sections() throws BootException {
        long offset = wide ? LittleEndian.get64(file, 40) : word(32);
        int size = LittleEndian.get16(file, wide ? 58 : 46);
        int count = LittleEndian.get16(file, wide ? 60 : 48);
        int names = LittleEndian.get16(file, wide ? 62 : 50);
        if (offset == 0 || count == 0) {
            return List.of();
        }
        if (size < (wide ? 64 : 40)) {
            throw broken("has section headers of " + size + " bytes");
        }
        requireInside(offset, (long) size * count, "section headers");
        ElfSection strings = names < count ? section((int) offset + names * size, null) : null;
        List<ElfSection> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(section((int) offset + i * size, strings));
        }
        return list;
    }

    private ElfSection section(int at, ElfSection strings) {
        int nameOffset = LittleEndian.get32(file, at);
        String sectionName = strings == null ? "" : text(strings, nameOffset);
        int sectionType = LittleEndian.get32(file, at + 4);
        if (wide) {
            return new ElfSection(
                    sectionName,
                    sectionType,
                    LittleEndian.get64(file, at + 8),
                    LittleEndian.get64(file, at + 16),
                    LittleEndian.get64(file, at + 24),
                    LittleEndian.get64(file, at + 32),
                    LittleEndian.get32(file, at + 40),
                    LittleEndian.get64(file, at + 56));
        }
        return new ElfSection(
                sectionName,
                sectionType,
                word(at + 8),
                word(at + 12),
                word(at + 16),
                word(at + 20),
                LittleEndian.get32(file, at + 24),
                word(at + 36));
    }

    /** The first section of that name, or null. */
    public ElfSection section(String wanted) throws BootException {
        for (ElfSection section : sections()) {
            if (section.name().equals(wanted)) {
                return section;
            }
        }
        return null;
    }

    /**
     * What stands in the first section of that name, unpacked; empty when there is none. A refusal
     * when it lies outside of the file or is compressed in a way that cannot be read.
     */
    public byte[] content(String wanted) throws BootException {
        ElfSection section = section(wanted);
        if (section == null || section.type() == ElfSection.SHT_NOBITS) {
            return new byte[0];
        }
        requireInside(section.offset(), section.size(), "section " + wanted);
        int from = (int) section.offset();
        byte[] content = Arrays.copyOfRange(file, from, from + (int) section.size());
        boolean packed = (section.flags() & ElfSection.SHF_COMPRESSED) != 0;
        return packed ? CompressedSection.unpack(this, wanted, content) : content;
    }

    private String text(ElfSection strings, int offset) {
        long start = strings.offset() + (offset & 0xFFFF_FFFFL);
        if (strings.offset() < 0 || start < 0 || start >= file.length) {
            return "";
        }
        int end = (int) start;
        while (end < file.length && file[end] != 0) {
            end++;
        }
        return new String(file, (int) start, end - (int) start, StandardCharsets.UTF_8);
    }

    /**
     * Named symbols with an address, from the static symbol table; none if the file was stripped.
     */
    public ElfSymbols symbols() throws BootException {
        List<ElfSymbol> found = new ArrayList<>();
        List<ElfSection> sections = sections();
        for (ElfSection table : sections) {
            if (table.type() == ElfSection.SHT_SYMTAB
                    && table.link() >= 0
                    && table.link() < sections.size()) {
                requireInside(table.offset(), table.size(), "symbol table");
                readSymbols(table, sections.get(table.link()), found);
            }
        }
        return new ElfSymbols(found);
    }

    private void readSymbols(ElfSection table, ElfSection strings, List<ElfSymbol> found) {
        int size = wide ? SYMBOL_64 : SYMBOL_32;
        int end = (int) (table.offset() + table.size());
        for (int at = (int) table.offset(); at + size <= end; at += size) {
            int kind = file[at + (wide ? 4 : 12)] & 0xF;
            int section = LittleEndian.get16(file, at + (wide ? 6 : 14));
            if (section == 0 || kind == STT_SECTION || kind == STT_FILE) {
                continue;
            }
            String symbol = text(strings, LittleEndian.get32(file, at));
            if (!symbol.isEmpty()) {
                long address = wide ? LittleEndian.get64(file, at + 8) : word(at + 4);
                long length = wide ? LittleEndian.get64(file, at + 16) : word(at + 8);
                found.add(new ElfSymbol(symbol, address, length, kind == STT_FUNC));
            }
        }
    }
}
