package dev.carafe.tools.verify;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;

/** Where a case's memory operand is. */
final class Addresses {
    private Addresses() {}

    static long effective(TestCase test) {
        return switch (test.instruction.segment()) {
            case 4 -> offset(test) + test.state.fsBase;
            case 5 -> offset(test) + test.state.gsBase;
            default -> offset(test);
        };
    }

    /** Inside its segment. */
    static long offset(TestCase test) {
        Instruction insn = test.instruction;
        long[] registers = test.state.registers;
        long address = insn.displacement();
        if (insn.base() == Instruction.RIP) {
            address += test.rip() + insn.length();
        } else if (insn.base() >= 0) {
            address += registers[insn.base()];
        }
        if (insn.index() >= 0) {
            address += registers[insn.index()] << insn.scale();
        }
        return cut(insn, address);
    }

    /** Inside its segment: the one operand, or every element that a vector of indexes names. */
    static long[] offsets(TestCase test) {
        for (Operand operand : test.instruction.encoding().operands()) {
            if (operand.kind() == Operand.Kind.VECTOR_INDEXED) {
                return elements(test, operand);
            }
        }
        return new long[] {offset(test)};
    }

    private static long[] elements(TestCase test, Operand operand) {
        Instruction insn = test.instruction;
        long base = insn.displacement() + (insn.base() < 0 ? 0 : test.state.registers[insn.base()]);
        int first = insn.index() * ProcessorState.VECTOR_LONGS;
        long[] offsets = new long[operand.register() / operand.size()];
        for (int i = 0; i < offsets.length; i++) {
            boolean narrow = operand.size() == Integer.BYTES;
            long lane = test.state.vectors[first + (narrow ? i >> 1 : i)];
            long index = narrow ? (int) (lane >>> (i & 1) * Integer.SIZE) : lane;
            offsets[i] = cut(insn, base + (index << insn.scale()));
        }
        return offsets;
    }

    /** The bits that an instruction's address size has. */
    static long cut(Instruction insn, long address) {
        return address & (insn.addressSize() == 8 ? -1L : (1L << 8 * insn.addressSize()) - 1);
    }
}
