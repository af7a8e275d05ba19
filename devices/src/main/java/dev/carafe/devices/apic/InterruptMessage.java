package dev.carafe.devices.apic;

/**
 * An interrupt on its way from an I/O APIC or an MSI to local APICs (SDM Vol. 3A, "Message
 * Signalled Interrupts").
 *
 * @param vector 0 to 255
 * @param mode one of the delivery modes below
 * @param level whether it is level-triggered, so that its EOI is broadcast
 * @param logical whether {@code destination} is a logical one
 * @param destination eight bits, FFh is everybody
 */
public record InterruptMessage(
        int vector, int mode, boolean level, boolean logical, int destination) {
    public static final int FIXED = 0;
    public static final int LOWEST_PRIORITY = 1;
    public static final int SMI = 2;
    public static final int NMI = 4;
    public static final int INIT = 5;
    public static final int STARTUP = 6;
    public static final int EXT_INT = 7;

    private static final int REDIRECTION_HINT = 1 << 3;
    private static final int LOGICAL = 1 << 2;
    private static final int LEVEL = 1 << 15;

    /**
     * Decodes a write to the MSI window at FEE00000h.
     *
     * @param address address, of which bits 19:2 count
     * @param data the 32 bits written
     */
    public static InterruptMessage ofMsi(long address, int data) {
        boolean logical = (address & LOGICAL) != 0;
        boolean redirected = logical && (address & REDIRECTION_HINT) != 0;
        int mode = (data >> 8) & 7;
        return new InterruptMessage(
                data & 0xFF,
                redirected && mode == FIXED ? LOWEST_PRIORITY : mode,
                (data & LEVEL) != 0,
                logical,
                (int) (address >> 12) & 0xFF);
    }
}
