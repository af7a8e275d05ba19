package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.BOUND;
import static dev.carafe.core.isa.Operation.MULX;
import static dev.carafe.core.isa.Operation.XLAT;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * Integer instructions with an addressing or operand pattern of their own: XLAT, BOUND, MULX (SDM
 * Vol. 2).
 */
public final class TableLookup {
    private TableLookup() {}

    /** AL = the byte at rBX + AL, DS unless overridden. */
    @Semantics(XLAT)
    public static void xlat(Cpu cpu, Instruction insn) {
        long index = cpu.regs[Registers.RBX] + (cpu.regs[Registers.RAX] & 0xFF);
        long offset =
                insn.addressSize() == Long.BYTES
                        ? index
                        : Width.ofSize(insn.addressSize()).truncate(index);
        long linear = cpu.segments.linear(insn.segment(), offset, 1, false);
        Accumulator.write(cpu, Registers.RAX, Width.W8, cpu.memory.load8(linear));
    }

    /** #BR unless the signed index lies between the two bounds, both inclusive. */
    @Semantics(BOUND)
    public static void bound(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long linear = Operands.address(cpu, insn, 2 * width.size(), false);
        long index = width.signExtend(Operands.read(cpu, insn, 0));
        long lower = width.signExtend(cpu.memory.load(linear, width.size()));
        long upper = width.signExtend(cpu.memory.load(linear + width.size(), width.size()));
        if (index < lower || index > upper) {
            throw CpuFault.of(ExceptionVector.BOUND_RANGE);
        }
    }

    /**
     * rDX × source; the first destination gets the high half, and all of it when both are the same.
     * No flag changes.
     */
    @Semantics(MULX)
    public static void mulx(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long a = width.truncate(cpu.regs[Registers.RDX]);
        long b = Operands.read(cpu, insn, 2);
        long low = a * b;
        long high = width.bits() == 64 ? Math.unsignedMultiplyHigh(a, b) : low >>> width.bits();
        Operands.write(cpu, insn, 1, low);
        Operands.write(cpu, insn, 0, high);
    }
}
