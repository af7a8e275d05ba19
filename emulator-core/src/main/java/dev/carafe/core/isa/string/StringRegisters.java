package dev.carafe.core.isa.string;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;

/** rSI, rDI and rCX as the address size cuts them, and what they point at. */
final class StringRegisters {
    private StringRegisters() {}

    /** Offset of the source in its segment. */
    static long sourceOffset(Cpu cpu, Instruction insn) {
        return read(cpu, insn, Registers.RSI);
    }

    /** Offset of the destination in ES. */
    static long destinationOffset(Cpu cpu, Instruction insn) {
        return read(cpu, insn, Registers.RDI);
    }

    /** Linear address of the source: DS unless overridden. */
    static long source(Cpu cpu, Instruction insn, int size) {
        return cpu.segments.linear(insn.segment(), sourceOffset(cpu, insn), size, false);
    }

    /** Linear address of the destination; ES cannot be overridden. */
    static long destination(Cpu cpu, Instruction insn, int size, boolean write) {
        return cpu.segments.linear(Segments.ES, destinationOffset(cpu, insn), size, write);
    }

    static void advanceSource(Cpu cpu, Instruction insn, long bytes) {
        advance(cpu, insn, Registers.RSI, bytes);
    }

    static void advanceDestination(Cpu cpu, Instruction insn, long bytes) {
        advance(cpu, insn, Registers.RDI, bytes);
    }

    static long count(Cpu cpu, Instruction insn) {
        return read(cpu, insn, Registers.RCX);
    }

    static void setCount(Cpu cpu, Instruction insn, long count) {
        Operands.setRegister(cpu, Registers.RCX, insn.addressSize(), count);
    }

    static boolean downwards(Cpu cpu) {
        return (cpu.systemFlags & Rflags.DF) != 0;
    }

    /** The distance between elements, negative with DF. */
    static long step(Cpu cpu, int size) {
        return downwards(cpu) ? -size : size;
    }

    private static long read(Cpu cpu, Instruction insn, int register) {
        return Operands.register(cpu, register, insn.addressSize());
    }

    private static void advance(Cpu cpu, Instruction insn, int register, long bytes) {
        Operands.setRegister(cpu, register, insn.addressSize(), cpu.regs[register] + bytes);
    }
}
