package dev.carafe.devices.apic;

/**
 * One entry of the I/O redirection table (82093AA, "I/O Redirection Table Registers"); its remote
 * IRR and delivery status are not part of it, because they are state of the pin.
 *
 * <pre>
 * 63..56 destination   16 masked   15 level   13 active low   11 logical   10..8 delivery mode   7..0 vector
 * </pre>
 *
 * @param bits the 64 bits as the guest wrote them, read-only bits clear
 */
record RedirectionEntry(long bits) {
    static final RedirectionEntry RESET = new RedirectionEntry(1 << 16);
    static final int REMOTE_IRR = 1 << 14;

    private static final long WRITABLE = 0xFF00_0000_0001_AFFFL;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    RedirectionEntry withLow(int value) {
        return new RedirectionEntry(((bits & ~LOW_HALF) | (value & LOW_HALF)) & WRITABLE);
    }

    RedirectionEntry withHigh(int value) {
        return new RedirectionEntry(((bits & LOW_HALF) | (long) value << 32) & WRITABLE);
    }

    int low() {
        return (int) bits;
    }

    int high() {
        return (int) (bits >>> 32);
    }

    int vector() {
        return (int) bits & 0xFF;
    }

    int mode() {
        return (int) (bits >> 8) & 7;
    }

    boolean logical() {
        return (bits & 1 << 11) != 0;
    }

    boolean level() {
        return (bits & 1 << 15) != 0;
    }

    boolean masked() {
        return (bits & 1 << 16) != 0;
    }

    int destination() {
        return (int) (bits >>> 56);
    }

    /** Whether the pin waits for an EOI: level-triggered, and of a mode that has one. */
    boolean waitsForEoi() {
        return level()
                && (mode() == InterruptMessage.FIXED || mode() == InterruptMessage.LOWEST_PRIORITY);
    }

    InterruptMessage message() {
        return new InterruptMessage(vector(), mode(), waitsForEoi(), logical(), destination());
    }
}
