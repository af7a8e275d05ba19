package dev.carafe.tools.verify;

import dev.carafe.core.isa.Instruction;

/** Where a case's memory operand is. */
final class Addresses {
    private Addresses() {}

    static long effective(TestCase test) {
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
        address &= insn.addressSize() == 8 ? -1L : (1L << 8 * insn.addressSize()) - 1;
        return switch (insn.segment()) {
            case 4 -> address + test.state.fsBase;
            case 5 -> address + test.state.gsBase;
            default -> address;
        };
    }
}
