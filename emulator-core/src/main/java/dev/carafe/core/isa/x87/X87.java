package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;

/**
 * How every x87 instruction begins and ends (SDM Vol. 1, "x87 FPU Exception Handling",
 * "Floating-Point Exception Synchronization"): exceptions are collected in {@link X87State#raised}
 * and reported in the status word at the end; an unmasked one is delivered by the next waiting
 * instruction.
 *
 * <p>Not modelled: FERR# and IGNNE#. While CR0.NE is 0 a pending exception has no effect.
 */
final class X87 {
    static final int INVALID = 0x01;
    static final int DENORMAL = 0x02;
    static final int ZERO_DIVIDE = 0x04;
    static final int OVERFLOW = 0x08;
    static final int UNDERFLOW = 0x10;
    static final int PRECISION = 0x20;
    static final int STACK_FAULT = 0x40;

    static final int C0 = 0x100;
    static final int C1 = 0x200;
    static final int C2 = 0x400;
    static final int C3 = 0x4000;

    /** Exceptions that, unmasked, leave operands and destination alone. */
    private static final int BEFORE_THE_OPERATION = INVALID | DENORMAL | ZERO_DIVIDE;

    private X87() {}

    /** #NM while CR0.EM or CR0.TS is set. */
    static X87State usable(Cpu cpu) {
        if (!cpu.control.x87Usable()) {
            throw CpuFault.of(ExceptionVector.DEVICE_NOT_AVAILABLE);
        }
        return cpu.x87;
    }

    /** A waiting control instruction: #NM, then #MF for a pending exception. */
    static X87State waiting(Cpu cpu) {
        X87State x = usable(cpu);
        checkPending(cpu);
        return x;
    }

    static void checkPending(Cpu cpu) {
        if (cpu.x87.pending() && cpu.control.cr0(ControlBits.CR0_NE)) {
            throw CpuFault.of(ExceptionVector.X87_ERROR);
        }
    }

    /** Any other instruction. */
    static X87State begin(Cpu cpu) {
        X87State x = waiting(cpu);
        x.raised = 0;
        x.roundedUp = false;
        return x;
    }

    /** Ends it: C1, the exception flags and the pointers. */
    static void end(Cpu cpu, Instruction insn, X87State x) {
        int status = x.statusWord & ~C1 | x.raised | (x.roundedUp ? C1 : 0);
        x.statusWord = status;
        if ((x.raised & ~x.controlWord & X87State.EXCEPTIONS) != 0) {
            x.statusWord = status | X87State.SUMMARY;
        }
        recordPointers(cpu, insn, x);
    }

    static void recordPointers(Cpu cpu, Instruction insn, X87State x) {
        x.instructionPointer = cpu.rip;
        x.codeSelector = cpu.segments.selector[Segments.CS];
        x.opcode = (int) insn.immediate();
        if (insn.memory()) {
            x.dataPointer = Operands.effectiveAddress(cpu, insn);
            x.dataSelector = cpu.segments.selector[insn.segment()];
        }
    }

    /** Whether what was found so far forbids any result. */
    static boolean abandoned(X87State x) {
        return (x.raised & ~x.controlWord & BEFORE_THE_OPERATION) != 0;
    }

    static boolean masked(X87State x, int exception) {
        return (x.controlWord & exception) != 0;
    }

    /** A source register is empty. */
    static void stackUnderflow(X87State x) {
        x.raised |= INVALID | STACK_FAULT;
    }

    /** A register to be pushed is not empty. */
    static void stackOverflow(X87State x) {
        x.raised |= INVALID | STACK_FAULT;
        x.roundedUp = true;
    }

    static void pop(X87State x) {
        int top = x.top();
        x.markEmpty(top);
        x.setTop(top + 1);
    }

    /** Pushes a value; the caller has checked that nothing forbids it. */
    static void push(X87State x, int signExponent, long significand) {
        int top = x.top() - 1 & 7;
        x.setTop(top);
        x.set(top, signExponent, significand);
    }

    static boolean emptyAt(X87State x, int i) {
        return x.isEmpty(x.physical(i));
    }

    /** The register operand ST(i) in ModRM.rm. */
    static int index(Instruction insn) {
        return insn.rm() & 7;
    }
}
