package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;
import java.util.Arrays;

/**
 * Vector operands of complex VEX-encoded instructions, as arrays of 64-bit lanes. Only what moves
 * data in ways of its own is written with them; the rest is woven.
 */
public final class VectorOperands {
    private static final int REGISTER_LANES = Cpu.VECTOR_STRIDE;
    private static final int LOW_REGISTERS = 7;

    private VectorOperands() {}

    /** A register's lanes, as many as the operand has, or what lies in memory. */
    public static long[] read(Cpu cpu, Instruction insn, int operand) {
        Operand spec = insn.encoding().operands().get(operand);
        if (spec.kind() == Operand.Kind.XMM_OR_MEMORY && insn.memory()
                || spec.kind() == Operand.Kind.MEMORY) {
            return load(cpu, Operands.address(cpu, insn, spec.size(), false), spec.size());
        }
        int at = VectorRegisters.index(number(insn, operand));
        return Arrays.copyOfRange(cpu.xmm, at, at + lanes(spec.size()));
    }

    private static long[] load(Cpu cpu, long address, int size) {
        long[] value = new long[lanes(size)];
        if (size < Long.BYTES) {
            value[0] = cpu.memory.load(address, size);
            return value;
        }
        for (int i = 0; i < value.length; i++) {
            value[i] = cpu.memory.load64(address + (long) i * Long.BYTES);
        }
        return value;
    }

    /** Faults as storing the first operand will, which comes before what the operation raises. */
    public static void checkDestination(Cpu cpu, Instruction insn) {
        if (insn.memory()) {
            int size = insn.encoding().operands().getFirst().size();
            cpu.memory.checkWrite(Operands.address(cpu, insn, size, true), size);
        }
    }

    /** Stores the first operand: a register, which is cleared above the value, or memory. */
    public static void write(Cpu cpu, Instruction insn, int operand, long[] value) {
        Operand spec = insn.encoding().operands().get(operand);
        if (spec.kind() == Operand.Kind.XMM_OR_MEMORY && insn.memory()) {
            int size = spec.size();
            long address = Operands.address(cpu, insn, size, true);
            cpu.memory.checkWrite(address, size);
            for (int i = 0; i < lanes(size); i++) {
                cpu.memory.store64(address + (long) i * Long.BYTES, value[i]);
            }
            return;
        }
        int at = VectorRegisters.index(number(insn, operand));
        for (int i = 0; i < REGISTER_LANES; i++) {
            cpu.xmm[at + i] = i < value.length ? value[i] : 0;
        }
    }

    /** The number of the register that an operand names. */
    public static int number(Instruction insn, int operand) {
        Operand.Kind kind = insn.encoding().operands().get(operand).kind();
        return switch (kind) {
            case XMM -> insn.reg();
            case XMM_VEX -> insn.immediate2();
            case XMM_OR_MEMORY -> insn.rm();
            case XMM_IMMEDIATE -> {
                int number = (int) insn.immediate() >> 4 & 15;
                yield insn.mode() == CodeMode.CODE64 ? number : number & LOW_REGISTERS;
            }
            default -> throw new AssertionError(kind + " is no vector register");
        };
    }

    private static int lanes(int size) {
        return Math.max(1, size / Long.BYTES);
    }
}
