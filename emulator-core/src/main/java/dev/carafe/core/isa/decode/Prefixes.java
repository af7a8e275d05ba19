package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.CodeMode;

/**
 * What stands before an opcode (SDM Vol. 2, "Instruction Prefixes" and "REX Prefixes"). Of each
 * group the last prefix counts; a REX prefix counts only directly before the opcode. Used by its
 * decoder only.
 */
final class Prefixes {
    static final int NONE = -1;
    private static final int REX_W = 8;
    private static final int REX_R = 4;
    private static final int REX_X = 2;
    private static final int REX_B = 1;
    private static final int HIGH_REGISTERS = 8;

    boolean lock;
    int repeat; // 0, F2 or F3
    int segment; // NONE or the override's number
    boolean operandSize;
    boolean addressSize;
    boolean rexGiven;
    boolean wide;
    int reg; // what REX or VEX adds to ModRM.reg: 0 or 8
    int index;
    int base;

    void clear() {
        lock = false;
        repeat = 0;
        segment = NONE;
        operandSize = false;
        addressSize = false;
        rex(0);
    }

    /** Whether {@code value} was a prefix. */
    boolean take(int value, boolean code64) {
        if (code64 && (value & 0xF0) == 0x40) {
            rex(value);
            return true;
        }
        switch (value) {
            case 0xF0 -> lock = true;
            case 0xF2, 0xF3 -> repeat = value;
            case 0x26 -> override(0, code64);
            case 0x2E -> override(1, code64);
            case 0x36 -> override(2, code64);
            case 0x3E -> override(3, code64);
            case 0x64 -> segment = 4;
            case 0x65 -> segment = 5;
            case 0x66 -> operandSize = true;
            case 0x67 -> addressSize = true;
            default -> {
                return false;
            }
        }
        rex(0);
        return true;
    }

    /** In 64-bit code these four are ignored. */
    private void override(int number, boolean code64) {
        if (!code64) {
            segment = number;
        }
    }

    private void rex(int value) {
        rexGiven = value != 0;
        wide = (value & REX_W) != 0;
        reg = (value & REX_R) != 0 ? HIGH_REGISTERS : 0;
        index = (value & REX_X) != 0 ? HIGH_REGISTERS : 0;
        base = (value & REX_B) != 0 ? HIGH_REGISTERS : 0;
    }

    /** Prefixes that VEX does not suffer before it. */
    boolean forbidVex() {
        return lock || repeat != 0 || operandSize || rexGiven;
    }

    int addressBytes(CodeMode mode) {
        return switch (mode) {
            case CODE16 -> addressSize ? 4 : 2;
            case CODE32 -> addressSize ? 2 : 4;
            case CODE64 -> addressSize ? 4 : 8;
        };
    }

    int operandBytes(CodeMode mode) {
        return wide ? 8 : operandSize == (mode == CodeMode.CODE16) ? 4 : 2;
    }

    /** F2 and F3 count before 66. */
    int mandatory() {
        if (repeat != 0) {
            return repeat == 0xF3 ? Conditions.PREFIX_F3 : Conditions.PREFIX_F2;
        }
        return operandSize ? Conditions.PREFIX_66 : Conditions.NO_PREFIX;
    }
}
