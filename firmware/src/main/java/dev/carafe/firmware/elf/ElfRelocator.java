package dev.carafe.firmware.elf;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;

/**
 * Applies the dynamic relocations of a position-independent executable (System V ABI, "Dynamic
 * Section"; AMD64 supplement, "Relocation Types").
 */
public final class ElfRelocator {
    private static final int DT_NEEDED = 1;
    private static final int DT_PLTRELSZ = 2;
    private static final int DT_SYMTAB = 6;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_RELAENT = 9;
    private static final int DT_PLTREL = 20;
    private static final int DT_JMPREL = 23;
    private static final int DT_RELRSZ = 35;
    private static final int DT_RELR = 36;
    private static final int DT_RELRENT = 37;
    private static final int TAGS = 38;

    private static final int R_X86_64_NONE = 0;
    private static final int R_X86_64_64 = 1;
    private static final int R_X86_64_GLOB_DAT = 6;
    private static final int R_X86_64_JUMP_SLOT = 7;
    private static final int R_X86_64_RELATIVE = 8;

    /**
     * Relocations in the zeros at the end are odd but legal; each makes the held part of the image
     * longer.
     */
    private static final long FURTHEST_IN_ZEROS = 64L << 20;

    private static final int RELA_SIZE = 24;
    private static final int SYMBOL_SIZE = 24;
    private static final int STB_WEAK = 2;
    private static final int SHN_UNDEF = 0;
    private static final int SHN_ABS = 0xFFF1;

    private final ElfFile elf;
    private final ElfImage image;
    private final long slide;
    private final long[] tags = new long[TAGS];

    private ElfRelocator(ElfFile elf, ElfImage image, long slide) {
        this.elf = elf;
        this.image = image;
        this.slide = slide;
    }

    /**
     * @param slide what is added to link-time addresses
     */
    public static void relocate(ElfFile elf, ElfImage image, long slide) throws BootException {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.PT_DYNAMIC) {
                ElfRelocator relocator = new ElfRelocator(elf, image, slide);
                relocator.readTags(segment);
                relocator.apply();
                return;
            }
        }
    }

    private void readTags(ElfSegment dynamic) throws BootException {
        long at = image.offsetOf(dynamic.virtualAddress(), dynamic.memorySize(), "dynamic section");
        for (long end = at + dynamic.memorySize() - 16; at <= end; at += 16) {
            long tag = image.get64(at);
            if (tag == 0) {
                return;
            }
            if (tag == DT_NEEDED) {
                throw elf.broken("needs a shared library, which a kernel cannot have");
            }
            if (tag > 0 && tag < TAGS) {
                tags[(int) tag] = image.get64(at + 8);
            }
        }
    }

    private void apply() throws BootException {
        if (tags[DT_RELR] != 0) {
            if (tags[DT_RELRENT] != 0 && tags[DT_RELRENT] != 8) {
                throw elf.broken("has RELR entries of " + tags[DT_RELRENT] + " bytes instead of 8");
            }
            relr(image.offsetOf(tags[DT_RELR], tags[DT_RELRSZ], "RELR table"), tags[DT_RELRSZ]);
        }
        if (tags[DT_RELA] != 0) {
            if (tags[DT_RELAENT] != 0 && tags[DT_RELAENT] != RELA_SIZE) {
                throw elf.broken(
                        "has RELA entries of "
                                + tags[DT_RELAENT]
                                + " bytes instead of "
                                + RELA_SIZE);
            }
            rela(image.offsetOf(tags[DT_RELA], tags[DT_RELASZ], "RELA table"), tags[DT_RELASZ]);
        }
        if (tags[DT_JMPREL] != 0) {
            if (tags[DT_PLTREL] != 0 && tags[DT_PLTREL] != DT_RELA) {
                throw elf.broken(
                        "has PLT relocations of kind " + tags[DT_PLTREL] + " instead of RELA");
            }
            rela(
                    image.offsetOf(tags[DT_JMPREL], tags[DT_PLTRELSZ], "PLT relocation table"),
                    tags[DT_PLTRELSZ]);
        }
    }

    private void rela(long table, long size) throws BootException {
        for (long at = table; at + RELA_SIZE <= table + size; at += RELA_SIZE) {
            long info = image.get64(at + 8);
            int type = (int) info;
            if (type == R_X86_64_NONE) {
                continue;
            }
            long target = target(image.get64(at));
            long addend = image.get64(at + 16);
            int symbol = (int) (info >>> 32);
            long value =
                    switch (type) {
                        case R_X86_64_RELATIVE -> addend + slide;
                        case R_X86_64_64 -> symbolValue(symbol) + addend;
                        case R_X86_64_GLOB_DAT, R_X86_64_JUMP_SLOT -> symbolValue(symbol);
                        default ->
                                throw elf.broken(
                                        "has a relocation of the unsupported type "
                                                + type
                                                + " at "
                                                + hex(image.get64(at)));
                    };
            image.put64(target, value);
        }
    }

    private long target(long virtual) throws BootException {
        long offset = image.offsetOf(virtual, 8, "relocation target");
        if (offset > image.scanLimit() + FURTHEST_IN_ZEROS) {
            throw elf.broken(
                    "relocates " + hex(virtual) + ", far behind everything the file holds");
        }
        return offset;
    }

    private long symbolValue(int index) throws BootException {
        long virtual = tags[DT_SYMTAB] + (index & 0xFFFF_FFFFL) * SYMBOL_SIZE;
        long at = image.offsetOf(virtual, SYMBOL_SIZE, "dynamic symbol");
        int binding = image.get32(at + 4) >>> 4 & 0xF;
        int section = image.get32(at + 4) >>> 16;
        if (section == SHN_UNDEF) {
            if (binding == STB_WEAK || index == 0) {
                return 0;
            }
            throw elf.broken("has a relocation against the undefined symbol number " + index);
        }
        return image.get64(at + 8) + (section == SHN_ABS ? 0 : slide);
    }

    /**
     * An even word is an address to relocate; an odd one is a bitmap of the 63 words that follow
     * the last address.
     */
    private void relr(long table, long size) throws BootException {
        long where = 0;
        for (long at = table; at + 8 <= table + size; at += 8) {
            long word = image.get64(at);
            if ((word & 1) == 0) {
                addSlide(word);
                where = word + 8;
                continue;
            }
            long bits = word >>> 1;
            for (int i = 0; bits != 0; i++, bits >>>= 1) {
                if ((bits & 1) != 0) {
                    addSlide(where + 8L * i);
                }
            }
            where += 63 * 8;
        }
    }

    private void addSlide(long virtual) throws BootException {
        long target = target(virtual);
        image.put64(target, image.get64(target) + slide);
    }
}
