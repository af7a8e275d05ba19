package dev.carafe.core.isa.control;

import static dev.carafe.core.cpu.Registers.RSP;
import static dev.carafe.core.isa.Operand.Kind.SEGMENT_REGISTER;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.InterruptShadow;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** PUSH and POP of segment registers, PUSHA, POPA and the loads of far pointers (SDM Vol. 2). */
public final class StackOps {
    private static final int GENERAL_REGISTERS = 8;

    private StackOps() {}

    @Semantics(value = PUSH, with = SEGMENT_REGISTER)
    public static void pushSegment(Cpu cpu, Instruction insn) {
        Stack.push(cpu, insn.width(), cpu.segments.selector[segment(insn)]);
    }

    @Semantics(value = POP, with = SEGMENT_REGISTER, leaves = true)
    public static void popSegment(Cpu cpu, Instruction insn) {
        int segment = segment(insn);
        int selector = (int) Stack.peek(cpu, insn.width()) & 0xFFFF;
        long before = cpu.regs[RSP];
        Stack.release(cpu, insn.width().size()); // by the old stack's address size
        try {
            cpu.segments.load(segment, selector);
        } catch (CpuFault fault) {
            cpu.regs[RSP] = before;
            throw fault;
        }
        if (segment == Segments.SS) {
            cpu.shadow = InterruptShadow.MOV_SS;
        }
    }

    private static int segment(Instruction insn) {
        return insn.encoding().operands().get(0).register();
    }

    @Semantics({PUSHA, PUSHAD})
    public static void pushAll(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        for (int i = 1; i <= GENERAL_REGISTERS; i++) {
            Stack.checkPoke(cpu, width, -i * width.size());
        }
        for (int i = 0; i < GENERAL_REGISTERS; i++) {
            Stack.poke(cpu, width, -(i + 1) * width.size(), cpu.regs[i]);
        }
        Stack.release(cpu, -GENERAL_REGISTERS * width.size());
    }

    @Semantics({POPA, POPAD})
    public static void popAll(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long[] values = new long[GENERAL_REGISTERS];
        for (int i = 0; i < GENERAL_REGISTERS; i++) {
            values[i] = Stack.peek(cpu, width, (GENERAL_REGISTERS - 1 - i) * width.size());
        }
        Stack.release(cpu, GENERAL_REGISTERS * width.size());
        for (int i = 0; i < GENERAL_REGISTERS; i++) {
            if (i != RSP) { // its saved value is skipped
                Operands.setRegister(cpu, i, width.size(), values[i]);
            }
        }
    }

    @Semantics(
            value = {LDS, LES, LFS, LGS, LSS},
            leaves = true)
    public static void loadFarPointer(Cpu cpu, Instruction insn) {
        int size = insn.width().size();
        long at = Operands.address(cpu, insn, size + 2, false);
        long offset = cpu.memory.load(at, size);
        int selector = (int) cpu.memory.load16(at + size);
        int segment =
                switch (insn.operation()) {
                    case LDS -> Segments.DS;
                    case LES -> Segments.ES;
                    case LFS -> Segments.FS;
                    case LGS -> Segments.GS;
                    default -> Segments.SS;
                };
        cpu.segments.load(segment, selector);
        Operands.write(cpu, insn, 0, offset);
    }
}
