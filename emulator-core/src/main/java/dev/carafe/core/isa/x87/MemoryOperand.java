package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Operation;

/**
 * Numbers in memory. Their size stands in the opcode table; the operation says whether they are
 * integers.
 */
final class MemoryOperand {
    private static final int EXTENDED = 10;

    private MemoryOperand() {}

    static int size(Instruction insn) {
        return insn.encoding().operands().getFirst().size();
    }

    /**
     * Reads the operand and converts it, exactly. A denormal becomes normal, and is noted as an
     * exception.
     */
    static long load(Cpu cpu, Instruction insn, X87State x) {
        int size = size(insn);
        long address = Operands.address(cpu, insn, size, false);
        if (isInteger(insn.operation())) {
            long value = cpu.memory.load(address, size);
            int unused = Long.SIZE - Byte.SIZE * size;
            return Float80.fromInteger(x, value << unused >> unused);
        }
        if (size == Float.BYTES) {
            int bits = (int) cpu.memory.load32(address);
            if (Float80.isDenormalSingle(bits)) {
                x.raised |= X87.DENORMAL;
            }
            return Float80.fromSingle(x, bits);
        }
        if (size == Double.BYTES) {
            long bits = cpu.memory.load64(address);
            if (Float80.isDenormalDouble(bits)) {
                x.raised |= X87.DENORMAL;
            }
            return Float80.fromDouble(x, bits);
        }
        return extended(cpu, x, address);
    }

    private static boolean isInteger(Operation operation) {
        return switch (operation) {
            case FIADD, FISUB, FISUBR, FIMUL, FIDIV, FIDIVR, FICOM, FICOMP, FILD -> true;
            default -> false;
        };
    }

    /** An 80-bit number as it is. */
    static long extended(Cpu cpu, X87State x, long address) {
        long significand = cpu.memory.load64(address);
        x.resultSignExponent = (int) cpu.memory.load16(address + Long.BYTES);
        return significand;
    }

    /** The operand's address, once it may be written; an x87 exception comes after that. */
    static long addressToWrite(Cpu cpu, Instruction insn) {
        int size = size(insn);
        long address = Operands.address(cpu, insn, size, true);
        cpu.memory.checkWrite(address, size);
        return address;
    }

    /** Stores an 80-bit number; both halves are checked before either is written. */
    static void storeExtended(Cpu cpu, long address, int signExponent, long significand) {
        cpu.memory.checkWrite(address, EXTENDED);
        cpu.memory.store64(address, significand);
        cpu.memory.store16(address + Long.BYTES, signExponent);
    }
}
