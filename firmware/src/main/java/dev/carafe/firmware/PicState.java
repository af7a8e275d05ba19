package dev.carafe.firmware;

/** The two 8259s as firmware and loader left them: interrupt masks and vector bases. */
public record PicState(int masterMask, int slaveMask, int masterVector, int slaveVector) {
    /** Initialised by a BIOS, masked by the loader. */
    public static final PicState MASKED = new PicState(0xFF, 0xFF, 0x08, 0x70);

    /**
     * As a BIOS uses them: timer, keyboard, cascade, floppy; clock, mouse, coprocessor and disks.
     */
    public static final PicState BIOS = new PicState(0xB8, 0x8E, 0x08, 0x70);
}
