package dev.carafe.tools.gdb;

/** A packet that cannot be understood or obeyed: the client gets its number. */
final class PacketError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** EINVAL of the protocol, as QEMU answers. */
    static final int INVALID = 0x22;

    /** EFAULT: there is no memory. */
    static final int NO_MEMORY = 0x14;

    private final int number;

    PacketError() {
        this(INVALID);
    }

    PacketError(int number) {
        super(null, null, false, false);
        this.number = number;
    }

    String reply() {
        return "E%02x".formatted(number);
    }
}
