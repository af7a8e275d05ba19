package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.ENTER;
import static dev.carafe.core.isa.Operation.INTO;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.control.Stack;

/** ENTER (SDM Vol. 1, "Procedure Calls for Block-Structured Languages") and INTO. */
public final class Procedures {
    private static final int LEVEL_MASK = 31;

    private Procedures() {}

    /** RSP and RBP change last: a fault on the way leaves an instruction that can be restarted. */
    @Semantics(ENTER)
    public static void enter(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        int size = width.size();
        int level = insn.immediate2() & LEVEL_MASK;
        Stack.poke(cpu, width, -size, cpu.regs[Registers.RBP]);
        long frame = Stack.moved(cpu, -size);
        int depth = size;
        for (int i = 1; i < level; i++) {
            depth += size;
            Stack.poke(cpu, width, -depth, outerFrame(cpu, width, i));
        }
        if (level > 0) {
            depth += size;
            Stack.poke(cpu, width, -depth, frame);
        }
        long top = cpu.regs[Registers.RSP] - depth - (insn.immediate() & 0xFFFF);
        int addressSize = cpu.segments.stackAddressSize();
        long checked = addressSize == Long.BYTES ? top : Width.ofSize(addressSize).truncate(top);
        cpu.memory.checkWrite(cpu.segments.linear(Segments.SS, checked, size, true), size);
        Stack.setPointer(cpu, top);
        Accumulator.write(cpu, Registers.RBP, width, frame);
    }

    /** The frame pointer of an enclosing level, from the display of the calling procedure. */
    private static long outerFrame(Cpu cpu, Width width, int level) {
        int addressSize = cpu.segments.stackAddressSize();
        long offset = cpu.regs[Registers.RBP] - (long) level * width.size();
        long cut = addressSize == Long.BYTES ? offset : Width.ofSize(addressSize).truncate(offset);
        return cpu.memory.load(
                cpu.segments.linear(Segments.SS, cut, width.size(), false), width.size());
    }

    /** A trap through vector 4 when OF is set. */
    @Semantics(value = INTO, leaves = true)
    public static void into(Cpu cpu, Instruction insn) {
        if (cpu.flags.overflow()) {
            EventDelivery.softwareInterrupt(cpu, ExceptionVector.OVERFLOW);
        }
    }
}
