package dev.carafe.core.cpu;

/**
 * A place where a debugger on the host wants the machine to stop. It lives outside the guest:
 * neither memory nor the debug registers know of it, and any number of them may exist.
 *
 * @param kind what a processor has to do there
 * @param address linear address of the instruction, or of the first byte of the data
 * @param length bytes of data; 1 for code
 */
public record DebugPoint(Kind kind, long address, long length) {
    /** What a processor does. */
    public enum Kind {
        /** Is about to execute the instruction. */
        CODE,
        WRITE,
        READ,
        /** Reads or writes. */
        ACCESS
    }

    public DebugPoint {
        if (length < 1) {
            throw new IllegalArgumentException("a debug point of " + length + " bytes");
        }
    }

    public static DebugPoint code(long address) {
        return new DebugPoint(Kind.CODE, address, 1);
    }

    boolean isCode() {
        return kind == Kind.CODE;
    }

    private boolean wants(boolean read, boolean write) {
        return switch (kind) {
            case CODE -> false;
            case WRITE -> write;
            case READ -> read;
            case ACCESS -> true;
        };
    }

    /** Whether an access of {@code size} bytes touches this data in the way that is waited for. */
    boolean hitBy(long linear, int size, boolean read, boolean write) {
        return wants(read, write)
                && (Long.compareUnsigned(linear - address, length) < 0
                        || Long.compareUnsigned(address - linear, size) < 0);
    }

    /** Whether some byte of the data lies in a page. */
    boolean inPage(long linearPage, long pageSize) {
        return Long.compareUnsigned(linearPage - address, length) < 0
                || Long.compareUnsigned(address - linearPage, pageSize) < 0;
    }
}
