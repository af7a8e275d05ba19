package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.MmxState;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * State of x87, MMX and SSE together: saving and restoring, EMMS and MXCSR (SDM Vol. 2; Vol. 1,
 * "FXSAVE and FXRSTOR Instructions").
 */
public final class FpuState {
    private static final int AREA = 512;
    private static final int MXCSR_AT = 24;
    private static final int REGISTERS_AT = 32;
    private static final int XMM_AT = 160;
    private static final int ENTRY = 16;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private FpuState() {}

    // ---- EMMS, MXCSR

    @Semantics(EMMS)
    public static void emptyMmx(Cpu cpu, Instruction insn) {
        if (cpu.control.cr0(ControlBits.CR0_EM)) {
            throw CpuFault.invalidOpcode();
        }
        Privilege.requireX87(cpu);
        MmxState.begin(cpu);
        cpu.x87.emptyAll();
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
        saveX87(cpu, at, insn.width().size() == 8);
        saveMxcsr(cpu, at);
        saveVectors(cpu, at, savedVectors(cpu));
    }

    /** The part of the image that is x87's. */
    static void saveX87(Cpu cpu, long at, boolean wide) {
        X87State x87 = cpu.x87;
        long pointerMask = wide ? -1L : LOW_32;
        cpu.memory.store64(
                at,
                x87.controlWord
                        | (long) x87.statusWord << 16
                        | (long) abridged(x87.tagWord) << 32
                        | (long) x87.opcode << 48);
        long codeUpper = wide ? 0 : (long) x87.codeSelector << 32;
        long dataUpper = wide ? 0 : (long) x87.dataSelector << 32;
        cpu.memory.store64(at + 8, x87.instructionPointer & pointerMask | codeUpper);
        cpu.memory.store64(at + 16, x87.dataPointer & pointerMask | dataUpper);
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = x87.top() + i & 7;
            cpu.memory.store64(at + REGISTERS_AT + i * ENTRY, x87.significand[physical]);
            cpu.memory.store64(at + REGISTERS_AT + i * ENTRY + 8, x87.signExponent[physical]);
        }
    }

    static void saveMxcsr(Cpu cpu, long at) {
        cpu.memory.store64(at + MXCSR_AT, cpu.mxcsr.get() | (long) MxCsr.MASK << 32);
    }

    static void saveVectors(Cpu cpu, long at, int count) {
        for (int i = 0; i < count; i++) {
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
            restoreMxcsr(cpu, at);
        }
        restoreX87(cpu, at, insn.width().size() == 8);
        restoreVectors(cpu, at, vectors);
    }

    /** #GP(0) if reserved bits are set in the image. */
    static void restoreMxcsr(Cpu cpu, long at) {
        cpu.mxcsr.set(checkedMxcsr(cpu.memory.load32(at + MXCSR_AT)));
    }

    static void restoreX87(Cpu cpu, long at, boolean wide) {
        X87State x87 = cpu.x87;
        long head = cpu.memory.load64(at);
        x87.statusWord = (int) (head >>> 16) & 0xFFFF;
        x87.setControlWord((int) head);
        x87.setOpcode((int) (head >>> 48));
        long code = cpu.memory.load64(at + 8);
        long data = cpu.memory.load64(at + 16);
        x87.instructionPointer = wide ? canonical(code) : code & LOW_32;
        x87.dataPointer = wide ? canonical(data) : data & LOW_32;
        x87.codeSelector = wide ? 0 : (int) (code >>> 32) & 0xFFFF;
        x87.dataSelector = wide ? 0 : (int) (data >>> 32) & 0xFFFF;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = x87.top() + i & 7;
            x87.significand[physical] = cpu.memory.load64(at + REGISTERS_AT + i * ENTRY);
            x87.signExponent[physical] = (int) cpu.memory.load16(at + REGISTERS_AT + i * ENTRY + 8);
        }
        x87.tagWord = full((int) (head >>> 32) & 0xFF);
    }

    static void restoreVectors(Cpu cpu, long at, int count) {
        for (int i = 0; i < count; i++) {
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

    /** The tag word: which registers are empty. */
    private static int full(int abridged) {
        int tags = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            tags |= (abridged >>> i & 1) == 0 ? 3 << 2 * i : 0;
        }
        return tags;
    }

    /** Pointers keep the bits of a linear address of 48, sign-extended. */
    private static long canonical(long pointer) {
        return pointer << 16 >> 16;
    }
}
