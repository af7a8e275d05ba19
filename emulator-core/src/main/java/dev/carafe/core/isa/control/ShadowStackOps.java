package dev.carafe.core.isa.control;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlFlow;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.memory.ShadowStackAccess;

/** Management of shadow stacks (SDM Vol. 2; Vol. 1, "Shadow Stack Management Instructions"). */
public final class ShadowStackOps {
    private static final long BUSY = 1;
    private static final long LONG_MODE = 1; // bit of a restore token
    private static final long PREVIOUS = 2; // bit of a previous-SSP token

    private ShadowStackOps() {}

    private static void require(Cpu cpu) {
        if (!cpu.flow.hasShadowStack()) {
            throw CpuFault.invalidOpcode();
        }
    }

    private static boolean user(Cpu cpu) {
        return cpu.cpl == 3;
    }

    /** Does nothing where there is no shadow stack. */
    @Semantics(RDSSP)
    public static void read(Cpu cpu, Instruction insn) {
        if (cpu.flow.hasShadowStack()) {
            Operands.setRegister(cpu, insn.rm(), insn.width().size(), cpu.flow.ssp);
        }
    }

    @Semantics(INCSSP)
    public static void increment(Cpu cpu, Instruction insn) {
        require(cpu);
        int size = insn.width().size();
        long count = cpu.regs[insn.rm()] & 0xFF;
        ShadowStackAccess memory = cpu.memory.shadowStack;
        memory.load(cpu.flow.ssp, user(cpu), size);
        if (count > 1) {
            memory.load(cpu.flow.ssp + (count - 1) * size, user(cpu), size);
        }
        cpu.flow.ssp += count * size;
    }

    @Semantics(WRSS)
    public static void write(Cpu cpu, Instruction insn) {
        require(cpu);
        if (!cpu.flow.allows(ControlFlow.SHADOW_WRITES)) {
            throw CpuFault.invalidOpcode();
        }
        store(cpu, insn, user(cpu));
    }

    @Semantics(WRUSS)
    public static void writeUser(Cpu cpu, Instruction insn) {
        if (!cpu.control.cr4(dev.carafe.core.cpu.ControlBits.CR4_CET)) {
            throw CpuFault.invalidOpcode();
        }
        if (cpu.cpl != 0) {
            throw CpuFault.generalProtection(0);
        }
        store(cpu, insn, true);
    }

    private static void store(Cpu cpu, Instruction insn, boolean ofUser) {
        int size = insn.width().size();
        long at = Operands.address(cpu, insn, size, true);
        if ((at & size - 1) != 0) {
            throw CpuFault.generalProtection(0);
        }
        long value = Operands.register(cpu, insn.reg(), size);
        cpu.memory.shadowStack.store(at, ofUser, size, value);
    }

    /** Switches to the shadow stack whose restore token is the operand. */
    @Semantics(RSTORSSP)
    public static void restore(Cpu cpu, Instruction insn) {
        require(cpu);
        long at = Operands.address(cpu, insn, 8, true);
        if ((at & 7) != 0) {
            throw CpuFault.generalProtection(0);
        }
        long mode = cpu.control.codeIs64() ? LONG_MODE : 0;
        long token = cpu.memory.shadowStack.load64(at, user(cpu));
        boolean sound =
                (token & 3) == mode
                        && ((token & ~3) - 8 & -8) == at
                        && (mode != 0 || !ControlFlow.isHigh(token));
        long previous = cpu.flow.ssp | mode | PREVIOUS;
        if (!sound || !cpu.memory.shadowStack.compareAndSet64(at, user(cpu), token, previous)) {
            throw ControlFlow.fault(ControlFlow.RESTORE);
        }
        cpu.flow.ssp = at;
        flags(cpu, (token & 4) != 0);
    }

    /** Leaves a restore token on the shadow stack that RSTORSSP has left. */
    @Semantics(SAVEPREVSSP)
    public static void savePrevious(Cpu cpu, Instruction insn) {
        require(cpu);
        if ((cpu.flow.ssp & 7) != 0) {
            throw CpuFault.generalProtection(0);
        }
        boolean code64 = cpu.control.codeIs64();
        boolean aligned = (cpu.flags.get() & Flags.CF) != 0;
        ShadowStackAccess memory = cpu.memory.shadowStack;
        long token = memory.load64(cpu.flow.ssp, user(cpu));
        if (aligned && memory.load(cpu.flow.ssp + 8, user(cpu), 4) != 0) {
            throw CpuFault.generalProtection(0);
        }
        boolean sound =
                (token & PREVIOUS) != 0
                        && (token & LONG_MODE) == (code64 ? LONG_MODE : 0)
                        && (code64 || !ControlFlow.isHigh(token));
        if (!sound) {
            throw CpuFault.generalProtection(0);
        }
        long old = token & ~3;
        long restore = old | (code64 ? LONG_MODE : 0);
        memory.checkWrite((old & -8) - 8, user(cpu), 8);
        if ((old & 4) != 0) {
            memory.store(old - 4, user(cpu), 4, 0);
        }
        memory.store64((old & -8) - 8, user(cpu), restore);
        cpu.flow.ssp += aligned ? 12 : 8;
    }

    @Semantics(SETSSBSY)
    public static void setBusy(Cpu cpu, Instruction insn) {
        if (!cpu.flow.hasShadowStack(0)) {
            throw CpuFault.invalidOpcode();
        }
        long at = cpu.flow.stack(0);
        if (cpu.cpl != 0 || (at & 7) != 0) {
            throw CpuFault.generalProtection(0);
        }
        if (!cpu.memory.shadowStack.compareAndSet64(at, false, at, at | BUSY)) {
            throw ControlFlow.fault(ControlFlow.SET_BUSY);
        }
        cpu.flow.ssp = at;
    }

    @Semantics(CLRSSBSY)
    public static void clearBusy(Cpu cpu, Instruction insn) {
        if (!cpu.flow.hasShadowStack(0)) {
            throw CpuFault.invalidOpcode();
        }
        long at = Operands.address(cpu, insn, 8, true);
        if (cpu.cpl != 0 || (at & 7) != 0) {
            throw CpuFault.generalProtection(0);
        }
        boolean wasBusy = cpu.memory.shadowStack.compareAndSet64(at, false, at | BUSY, at);
        flags(cpu, !wasBusy);
        cpu.flow.ssp = 0;
    }

    private static void flags(Cpu cpu, boolean carry) {
        cpu.flags.set(carry ? Flags.CF : 0);
    }
}
