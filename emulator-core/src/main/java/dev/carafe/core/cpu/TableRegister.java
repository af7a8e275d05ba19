package dev.carafe.core.cpu;

/**
 * GDTR or IDTR.
 *
 * @param base linear address
 * @param limit offset of the last byte
 */
public record TableRegister(long base, int limit) {
    /** State after reset and INIT. */
    public static final TableRegister RESET = new TableRegister(0, 0xFFFF);
}
