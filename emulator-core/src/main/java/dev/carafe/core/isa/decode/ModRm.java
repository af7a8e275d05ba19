package dev.carafe.core.isa.decode;

import static dev.carafe.core.isa.Instruction.NO_REGISTER;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;

/**
 * The addressing form (SDM Vol. 2, "ModR/M and SIB Bytes" and "RIP-Relative Addressing"). Used by
 * its decoder only.
 */
final class ModRm {
    private static final int DS = 3;
    private static final int SS = 2;
    static final int SIB_FOLLOWS = 4;
    private static final int NO_BASE = 5;
    private static final int[] BASES_16 = {
        Registers.RBX,
        Registers.RBX,
        Registers.RBP,
        Registers.RBP,
        Registers.RSI,
        Registers.RDI,
        Registers.RBP,
        Registers.RBX
    };
    private static final int[] INDEXES_16 = {
        Registers.RSI,
        Registers.RDI,
        Registers.RSI,
        Registers.RDI,
        NO_REGISTER,
        NO_REGISTER,
        NO_REGISTER,
        NO_REGISTER
    };

    boolean memory;
    int reg; // with REX.R
    int rm; // with REX.B, where it is a register
    int base;
    int index;
    int scale;
    long displacement;
    int segment; // the default one

    void clear() {
        memory = false;
        reg = 0;
        rm = 0;
        base = NO_REGISTER;
        index = NO_REGISTER;
        scale = 0;
        displacement = 0;
        segment = DS;
    }

    void register(int value, Prefixes prefixes) {
        reg = value >> 3 & 7 | prefixes.reg;
        rm = value & 7 | prefixes.base;
    }

    /**
     * A memory operand.
     *
     * @param vectorIndex the index is a vector register, for which 4 is a register like any other
     */
    void memory(
            int value,
            Prefixes prefixes,
            int addressSize,
            boolean code64,
            boolean vectorIndex,
            CodeReader code) {
        reg = value >> 3 & 7 | prefixes.reg;
        memory = true;
        int mod = value >> 6;
        int low = value & 7;
        if (addressSize == 2) {
            memory16(mod, low, code);
            return;
        }
        if (low == SIB_FOLLOWS) {
            low = sib(code.next(), prefixes, vectorIndex);
            base = low | prefixes.base;
            if (mod == 0 && low == NO_BASE) {
                base = NO_REGISTER;
            }
        } else {
            base = low | prefixes.base;
            if (mod == 0 && low == NO_BASE) {
                base = code64 ? Instruction.RIP : NO_REGISTER;
            }
        }
        if (mod == 1) {
            displacement = (byte) code.next();
        } else if (mod == 2 || low == NO_BASE && mod == 0) {
            displacement = code.signed32();
        }
        segment = base == Registers.RSP || base == Registers.RBP ? SS : DS;
    }

    private int sib(int value, Prefixes prefixes, boolean vectorIndex) {
        scale = value >> 6;
        index = value >> 3 & 7 | prefixes.index;
        if (index == Registers.RSP && !vectorIndex) {
            index = NO_REGISTER;
            scale = 0;
        }
        return value & 7;
    }

    private void memory16(int mod, int low, CodeReader code) {
        base = BASES_16[low];
        index = INDEXES_16[low];
        boolean addressOnly = mod == 0 && low == 6;
        if (addressOnly) {
            base = NO_REGISTER;
        }
        if (mod == 1) {
            displacement = (byte) code.next();
        } else if (mod == 2 || addressOnly) {
            displacement = (short) code.unsigned16();
        }
        segment = base == Registers.RBP ? SS : DS;
    }
}
