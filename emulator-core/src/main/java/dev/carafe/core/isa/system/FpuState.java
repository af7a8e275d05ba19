package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * State of x87, MMX and SSE: saving, restoring and the control words (SDM Vol. 2; Vol. 1, "FXSAVE
 * and FXRSTOR Instructions").
 *
 * <p>Not modelled: x87 arithmetic and its exceptions, so that WAIT finds none pending; selectors of
 * the x87 pointers read as 0.
 */
public final class FpuState {
    private static final int AREA = 512;
    private static final int REGISTERS_AT = 32;
    private static final int XMM_AT = 160;
    private static final int ENTRY = 16;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private FpuState() {}

    // ---- control words

    @Semantics(FNINIT)
    public static void initialize(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
        cpu.x87.initialize();
    }

    @Semantics(FNOP)
    public static void nothing(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
    }

    @Semantics(FNCLEX)
    public static void clearExceptions(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
        cpu.x87.statusWord &= 0x7F00;
    }

    @Semantics(FLDCW)
    public static void loadControlWord(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
        cpu.x87.controlWord = (int) Operands.read(cpu, insn, 0) & 0x1F7F | 0x40;
    }

    @Semantics(FNSTCW)
    public static void storeControlWord(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
        Operands.write(cpu, insn, 0, cpu.x87.controlWord);
    }

    @Semantics(FNSTSW)
    public static void storeStatusWord(Cpu cpu, Instruction insn) {
        Privilege.requireX87(cpu);
        Operands.write(cpu, insn, 0, cpu.x87.statusWord);
    }

    @Semantics(EMMS)
    public static void emptyMmx(Cpu cpu, Instruction insn) {
        if (cpu.control.cr0(ControlBits.CR0_EM)) {
            throw CpuFault.invalidOpcode();
        }
        Privilege.requireX87(cpu);
        cpu.x87.emptyAll();
    }

    @Semantics(WAIT)
    public static void await(Cpu cpu, Instruction insn) {
        if (cpu.control.cr0(ControlBits.CR0_MP) && cpu.control.cr0(ControlBits.CR0_TS)) {
            throw CpuFault.of(ExceptionVector.DEVICE_NOT_AVAILABLE);
        }
    }

    @Semantics(LDMXCSR)
    public static void loadMxcsr(Cpu cpu, Instruction insn) {
        Privilege.requireSse(cpu);
        cpu.mxcsr.set(checkedMxcsr(Operands.read(cpu, insn, 0)));
    }

    @Semantics(STMXCSR)
    public static void storeMxcsr(Cpu cpu, Instruction insn) {
        Privilege.requireSse(cpu);
        Operands.write(cpu, insn, 0, Integer.toUnsignedLong(cpu.mxcsr.get()));
    }

    private static int checkedMxcsr(long value) {
        if ((value & ~(long) MxCsr.MASK) != 0) {
            throw CpuFault.generalProtection(0);
        }
        return (int) value;
    }

    // ---- FXSAVE, FXRSTOR

    @Semantics(FXSAVE)
    public static void save(Cpu cpu, Instruction insn) {
        long at = area(cpu, insn, true);
        cpu.memory.checkWrite(at, 8);
        cpu.memory.checkWrite(at + AREA - 8, 8);
        X87State x87 = cpu.x87;
        boolean wide = insn.width().size() == 8;
        long pointerMask = wide ? -1L : LOW_32;
        cpu.memory.store64(
                at,
                x87.controlWord
                        | (long) x87.statusWord << 16
                        | (long) abridged(x87.tagWord) << 32
                        | (long) x87.opcode << 48);
        cpu.memory.store64(at + 8, x87.instructionPointer & pointerMask);
        cpu.memory.store64(at + 16, x87.dataPointer & pointerMask);
        cpu.memory.store64(at + 24, cpu.mxcsr.get() | (long) MxCsr.MASK << 32);
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = x87.top() + i & 7;
            cpu.memory.store64(at + REGISTERS_AT + i * ENTRY, x87.significand[physical]);
            cpu.memory.store64(at + REGISTERS_AT + i * ENTRY + 8, x87.signExponent[physical]);
        }
        for (int i = 0; i < savedVectors(cpu); i++) {
            cpu.memory.store64(at + XMM_AT + i * ENTRY, cpu.xmm[i * Cpu.VECTOR_STRIDE]);
            cpu.memory.store64(at + XMM_AT + i * ENTRY + 8, cpu.xmm[i * Cpu.VECTOR_STRIDE + 1]);
        }
    }

    @Semantics(FXRSTOR)
    public static void restore(Cpu cpu, Instruction insn) {
        long at = area(cpu, insn, false);
        cpu.memory.checkRead(at, 8);
        cpu.memory.checkRead(at + AREA - 8, 8);
        int vectors = savedVectors(cpu);
        if (vectors > 0) {
            cpu.mxcsr.set(checkedMxcsr(cpu.memory.load32(at + 24)));
        }
        X87State x87 = cpu.x87;
        long pointerMask = insn.width().size() == 8 ? -1L : LOW_32;
        long head = cpu.memory.load64(at);
        x87.controlWord = (int) head & 0x1F7F | 0x40;
        x87.statusWord = (int) (head >>> 16) & 0xFFFF;
        x87.opcode = (int) (head >>> 48) & 0x7FF;
        x87.instructionPointer = cpu.memory.load64(at + 8) & pointerMask;
        x87.dataPointer = cpu.memory.load64(at + 16) & pointerMask;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = x87.top() + i & 7;
            x87.significand[physical] = cpu.memory.load64(at + REGISTERS_AT + i * ENTRY);
            x87.signExponent[physical] = (int) cpu.memory.load16(at + REGISTERS_AT + i * ENTRY + 8);
        }
        x87.tagWord = full(x87, (int) (head >>> 32) & 0xFF);
        for (int i = 0; i < vectors; i++) {
            cpu.xmm[i * Cpu.VECTOR_STRIDE] = cpu.memory.load64(at + XMM_AT + i * ENTRY);
            cpu.xmm[i * Cpu.VECTOR_STRIDE + 1] = cpu.memory.load64(at + XMM_AT + i * ENTRY + 8);
        }
    }

    private static long area(Cpu cpu, Instruction insn, boolean write) {
        Privilege.requireX87(cpu);
        long at = Operands.address(cpu, insn, AREA, write);
        if ((at & ENTRY - 1) != 0) {
            throw CpuFault.generalProtection(0);
        }
        return at;
    }

    /**
     * XMM registers in the image: none before the system has said that it knows them, eight outside
     * 64-bit code.
     */
    private static int savedVectors(Cpu cpu) {
        if (!cpu.control.cr4(ControlBits.CR4_OSFXSR)) {
            return 0;
        }
        return cpu.control.codeIs64() ? 16 : 8;
    }

    /** One bit for each register that is not empty. */
    private static int abridged(int tagWord) {
        int bits = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            bits |= (tagWord >>> 2 * i & 3) != 3 ? 1 << i : 0;
        }
        return bits;
    }

    /** The full tag word: valid, zero or special is seen from the register's contents. */
    private static int full(X87State x87, int abridged) {
        int tags = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            tags |=
                    ((abridged >>> i & 1) == 0 ? 3 : tag(x87.signExponent[i], x87.significand[i]))
                            << 2 * i;
        }
        return tags;
    }

    private static int tag(int signExponent, long significand) {
        int exponent = signExponent & 0x7FFF;
        if (exponent == 0 && significand == 0) {
            return 1;
        }
        return exponent == 0 || exponent == 0x7FFF || significand >= 0 ? 2 : 0;
    }
}
