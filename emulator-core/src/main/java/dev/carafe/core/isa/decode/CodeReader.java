package dev.carafe.core.isa.decode;

import dev.carafe.core.fault.CpuFault;

/** Counts the bytes of one instruction; more than fifteen are #GP(0). Used by its decoder only. */
final class CodeReader {
    private static final int LONGEST = 15;

    private CodeBytes bytes = () -> 0;
    private int length;

    void start(CodeBytes source) {
        bytes = source;
        length = 0;
    }

    int length() {
        return length;
    }

    int next() {
        if (length == LONGEST) {
            throw CpuFault.generalProtection(0);
        }
        int value = bytes.next() & 0xFF;
        length++;
        return value;
    }

    int unsigned16() {
        int low = next();
        return next() << 8 | low;
    }

    int signed32() {
        int low = unsigned16();
        return unsigned16() << 16 | low;
    }

    long signed64() {
        long low = Integer.toUnsignedLong(signed32());
        return (long) signed32() << 32 | low;
    }

    /** {@code size} bytes, 2, 4 or 8, zero-extended. */
    long unsigned(int size) {
        return switch (size) {
            case 2 -> unsigned16();
            case 4 -> Integer.toUnsignedLong(signed32());
            default -> signed64();
        };
    }
}
