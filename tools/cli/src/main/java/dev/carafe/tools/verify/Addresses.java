package dev.carafe.tools.verify;

import dev.carafe.core.isa.Instruction;

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

    /** The bits that an instruction's address size has. */
    static long cut(Instruction insn, long address) {
        return address & (insn.addressSize() == 8 ? -1L : (1L << 8 * insn.addressSize()) - 1);
    }
}
