package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * The environment and the whole state in memory (SDM Vol. 1, "Saving the x87 FPU's State with
 * FSTENV/FNSTENV and FSAVE/FNSAVE"): 14 or 28 bytes by the operand size, in the protected-mode or
 * the real-address-mode format; then 80 bytes of registers.
 */
public final class X87Environment {
    private static final int SMALL = 14;
    private static final int LARGE = 28;
    private static final int REGISTER_BYTES = 10;
    private static final int ALL_REGISTERS = REGISTER_BYTES * X87State.REGISTERS;
    private static final long RESERVED = 0xFFFF_0000L;
    private static final int OPCODE = 0x7FF;

    private X87Environment() {}

    // ---- to memory

    @Semantics(FNSTENV)
    public static void storeEnvironment(Cpu cpu, Instruction insn) {
        X87State x = X87.usable(cpu);
        int size = environmentSize(insn);
        long at = Operands.address(cpu, insn, size, true);
        cpu.memory.checkWrite(at, size);
        store(cpu, x, at, size);
        x.setControlWord(x.controlWord | X87State.EXCEPTIONS);
    }

    @Semantics(FNSAVE)
    public static void save(Cpu cpu, Instruction insn) {
        X87State x = X87.usable(cpu);
        int size = environmentSize(insn);
        long at = Operands.address(cpu, insn, size + ALL_REGISTERS, true);
        cpu.memory.checkWrite(at, size + ALL_REGISTERS);
        store(cpu, x, at, size);
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int register = x.physical(i);
            MemoryOperand.storeExtended(
                    cpu,
                    at + size + i * REGISTER_BYTES,
                    x.signExponent[register],
                    x.significand[register]);
        }
        x.initialize();
    }

    private static int environmentSize(Instruction insn) {
        return insn.width().size() == 2 ? SMALL : LARGE;
    }

    /** Real-address and virtual-8086 mode have linear addresses and the opcode instead. */
    private static boolean realFormat(Cpu cpu) {
        return !cpu.control.protectedMode() || cpu.virtual8086();
    }

    private static void store(Cpu cpu, X87State x, long at, int size) {
        long code = x.instructionPointer;
        long data = x.dataPointer;
        long codeUpper = x.codeSelector;
        long dataUpper = x.dataSelector;
        if (realFormat(cpu)) {
            code += codeUpper << 4;
            data += dataUpper << 4;
            codeUpper = code >>> 16 << 12 | x.opcode;
            dataUpper = data >>> 16 << 12;
            if (size == LARGE) {
                code = code & 0xFFFF | RESERVED;
                data = data & 0xFFFF | RESERVED;
            }
        } else {
            codeUpper |= (long) x.opcode << 16;
            dataUpper |= RESERVED;
        }
        int step = size / 7;
        storeWord(cpu, at, step, x.controlWord | RESERVED);
        storeWord(cpu, at + step, step, x.statusWord | RESERVED);
        storeWord(cpu, at + 2L * step, step, x.storedTagWord() | RESERVED);
        storeWord(cpu, at + 3L * step, step, code);
        storeWord(cpu, at + 4L * step, step, codeUpper);
        storeWord(cpu, at + 5L * step, step, data);
        storeWord(cpu, at + 6L * step, step, dataUpper);
    }

    private static void storeWord(Cpu cpu, long at, int size, long value) {
        cpu.memory.store(at, size, value & -1L >>> Long.SIZE - Byte.SIZE * size);
    }

    // ---- from memory

    @Semantics(FLDENV)
    public static void loadEnvironment(Cpu cpu, Instruction insn) {
        X87State x = X87.waiting(cpu);
        int size = environmentSize(insn);
        long at = Operands.address(cpu, insn, size, false);
        cpu.memory.checkRead(at, size);
        load(cpu, x, at, size);
    }

    @Semantics(FRSTOR)
    public static void restore(Cpu cpu, Instruction insn) {
        X87State x = X87.waiting(cpu);
        int size = environmentSize(insn);
        long at = Operands.address(cpu, insn, size + ALL_REGISTERS, false);
        cpu.memory.checkRead(at, size + ALL_REGISTERS);
        load(cpu, x, at, size);
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int register = x.physical(i);
            x.significand[register] =
                    MemoryOperand.extended(cpu, x, at + size + i * REGISTER_BYTES);
            x.signExponent[register] = x.resultSignExponent;
        }
    }

    private static void load(Cpu cpu, X87State x, long at, int size) {
        int step = size / 7;
        int control = (int) cpu.memory.load16(at);
        int status = (int) cpu.memory.load16(at + step);
        x.tagWord = (int) cpu.memory.load16(at + 2L * step);
        long code = cpu.memory.load(at + 3L * step, step);
        long codeUpper = cpu.memory.load(at + 4L * step, step);
        long data = cpu.memory.load(at + 5L * step, step);
        long dataUpper = cpu.memory.load(at + 6L * step, step);
        x.statusWord = status;
        x.setControlWord(control);
        if (realFormat(cpu)) {
            x.instructionPointer = code & 0xFFFF | codeUpper >>> 12 << 16;
            x.dataPointer = data & 0xFFFF | dataUpper >>> 12 << 16;
            x.codeSelector = 0;
            x.dataSelector = 0;
            x.setOpcode((int) codeUpper & OPCODE);
        } else {
            x.instructionPointer = code;
            x.dataPointer = data;
            x.codeSelector = (int) codeUpper & 0xFFFF;
            x.dataSelector = (int) dataUpper & 0xFFFF;
            x.setOpcode((int) (codeUpper >>> 16) & OPCODE);
        }
    }
}
