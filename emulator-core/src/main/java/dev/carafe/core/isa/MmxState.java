package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * The MMX registers, which are the significands of the x87 registers (SDM Vol. 1, "MMX Registers",
 * "Effect of MMX Instructions on x87 FPU Tag Word"; Vol. 3A, "Effect of MMX, x87 FPU, FXSAVE, and
 * FXRSTOR Instructions on the x87 FPU Tag Word"). Called by woven handlers.
 */
public final class MmxState {
    private static final int EXCEPTION_SUMMARY = 1 << 7;
    private static final int TOP = 7 << 11;
    private static final int EXPONENT = 0xFFFF;
    private static final int REGISTER_MASK = X87State.REGISTERS - 1;

    private MmxState() {}

    /** Before an MMX instruction: a pending x87 exception comes first. */
    public static void begin(Cpu cpu) {
        if ((cpu.x87.statusWord & EXCEPTION_SUMMARY) != 0) {
            throw CpuFault.of(ExceptionVector.X87_ERROR);
        }
    }

    /** After one that did not fault: TOP is 0 and every register is in use. */
    public static void end(Cpu cpu) {
        cpu.x87.statusWord &= ~TOP;
        cpu.x87.tagWord = 0;
    }

    public static long get(Cpu cpu, int register) {
        return cpu.x87.significand[register & REGISTER_MASK];
    }

    public static void set(Cpu cpu, int register, long value) {
        cpu.x87.significand[register & REGISTER_MASK] = value;
        cpu.x87.signExponent[register & REGISTER_MASK] = EXPONENT;
    }

    // ---- registers of a record

    public static long a(Cpu cpu, long word0) {
        return get(cpu, Record.a(word0));
    }

    public static long b(Cpu cpu, long word0) {
        return get(cpu, Record.b(word0));
    }

    public static void setA(Cpu cpu, long word0, long value) {
        set(cpu, Record.a(word0), value);
    }

    public static void setB(Cpu cpu, long word0, long value) {
        set(cpu, Record.b(word0), value);
    }
}
