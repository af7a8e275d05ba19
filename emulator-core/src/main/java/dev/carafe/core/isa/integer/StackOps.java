package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.LEAVE;
import static dev.carafe.core.isa.Operation.POP;
import static dev.carafe.core.isa.Operation.PUSH;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Semantics.Place;
import dev.carafe.core.isa.control.Stack;
import dev.carafe.core.memory.Mmu;
import java.lang.foreign.MemorySegment;

/** PUSH, POP and LEAVE (SDM Vol. 2). Tags and RAM are those of {@link Mmu}. */
public final class StackOps {
    private StackOps() {}

    @Semantics(PUSH)
    public static void push(
            Cpu cpu, Mmu memory, long[] tags, MemorySegment ram, Width width, long value) {
        Stack.push(cpu, memory, tags, ram, width, value);
    }

    /**
     * The destination is written after the pointer has moved, so that POP rSP loads what it read.
     */
    @Semantics(POP)
    public static long pop(Cpu cpu, Mmu memory, long[] tags, MemorySegment ram, Width width) {
        return Stack.pop(cpu, memory, tags, ram, width);
    }

    /**
     * POP m: an address that uses rSP sees it incremented; a fault of the store leaves it as it
     * was.
     */
    @Semantics(value = POP, place = Place.MEMORY)
    public static void popToMemory(Cpu cpu, Instruction insn) {
        long pointer = cpu.regs[Registers.RSP];
        long value = Stack.peek(cpu, insn.width());
        Stack.release(cpu, insn.width().size());
        try {
            Operands.write(cpu, insn, 0, value);
        } catch (RuntimeException fault) {
            cpu.regs[Registers.RSP] = pointer;
            throw fault;
        }
    }

    @Semantics(LEAVE)
    public static void leave(Cpu cpu, Width width) {
        long pointer = cpu.regs[Registers.RSP];
        Stack.setPointer(cpu, cpu.regs[Registers.RBP]);
        try {
            long value = Stack.pop(cpu, width);
            Accumulator.write(cpu, Registers.RBP, width, value);
        } catch (RuntimeException fault) {
            cpu.regs[Registers.RSP] = pointer;
            throw fault;
        }
    }
}
