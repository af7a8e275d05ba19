package dev.carafe.firmware.elf;

/** A section header with its name. */
public record ElfSection(
        String name,
        int type,
        long flags,
        long address,
        long offset,
        long size,
        int link,
        long entrySize) {
    public static final int SHT_SYMTAB = 2;
    public static final int SHT_NOBITS = 8;
    public static final long SHF_COMPRESSED = 0x800;
}
