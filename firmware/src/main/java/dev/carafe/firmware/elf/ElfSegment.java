package dev.carafe.firmware.elf;

/** A program header. */
public record ElfSegment(
        int type,
        int flags,
        long offset,
        long virtualAddress,
        long physicalAddress,
        long fileSize,
        long memorySize,
        long alignment) {
    public static final int PT_LOAD = 1;
    public static final int PT_DYNAMIC = 2;
    public static final int PT_NOTE = 4;

    public static final int PF_X = 1;
    public static final int PF_W = 2;
    public static final int PF_R = 4;

    public boolean contains(long virtual) {
        return Long.compareUnsigned(virtual - virtualAddress, memorySize) < 0;
    }
}
