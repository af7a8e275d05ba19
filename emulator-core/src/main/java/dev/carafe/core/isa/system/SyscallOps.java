package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/** Fast system calls and SWAPGS (SDM Vol. 2; Vol. 3A, "Fast System Calls in 64-Bit Mode"). */
public final class SyscallOps {
    private static final int CODE_TYPE =
            Descriptor.PRESENT
                    | Descriptor.CODE_OR_DATA
                    | Descriptor.GRANULARITY
                    | 0xB; // readable, accessed code
    private static final int DATA_TYPE =
            Descriptor.PRESENT
                    | Descriptor.CODE_OR_DATA
                    | Descriptor.GRANULARITY
                    | Descriptor.BIG
                    | 0x3; // writable, accessed data
    private static final int WHOLE = 0xFFFF_FFFF;
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int SYSCALL_SHIFT = 32;
    private static final int SYSRET_SHIFT = 48;
    private static final int SYSRET_FLAGS =
            Flags.STATUS
                    | Rflags.TF
                    | Rflags.IF
                    | Rflags.DF
                    | Rflags.IOPL
                    | Rflags.NT
                    | Rflags.AC
                    | Rflags.VIF
                    | Rflags.VIP
                    | Rflags.ID;

    private SyscallOps() {}

    @Semantics(value = SYSCALL, leaves = true)
    public static void syscall(Cpu cpu, Instruction insn) {
        requireEnabled(cpu);
        int selector = (int) (cpu.system.star >>> SYSCALL_SHIFT) & 0xFFFC;
        if (!cpu.control.longMode()) {
            trapByNewFlags(cpu, cpu.systemFlags);
            cpu.regs[Registers.RCX] = cpu.nextRip;
            cpu.nextRip = cpu.system.star & LOW_32;
            cpu.clearFlags(Rflags.IF | Rflags.RF | Rflags.VM);
            enter(cpu, selector, selector + 8, 0, false);
            return;
        }
        long masked = cpu.system.fmask;
        trapByNewFlags(cpu, cpu.systemFlags & ~masked);
        long flags = cpu.rflags();
        cpu.regs[Registers.RCX] = cpu.nextRip;
        cpu.regs[Registers.R11] = flags & ~Rflags.RF;
        cpu.nextRip = cpu.control.codeIs64() ? cpu.system.lstar : cpu.system.cstar;
        if ((masked & Flags.STATUS) != 0) {
            cpu.flags.set(flags & ~masked);
        }
        cpu.systemFlags &= (int) ~(masked | Rflags.RF | Rflags.VM);
        int from = cpu.cpl;
        enter(cpu, selector, selector + 8, 0, true);
        cpu.flow.systemCall(from);
    }

    @Semantics(value = SYSRET, leaves = true)
    public static void sysret(Cpu cpu, Instruction insn) {
        requireEnabled(cpu);
        Privilege.require(cpu);
        if (cpu.model.isAmd()) {
            sysretOfAmd(cpu, insn);
            return;
        }
        boolean to64 = insn.width().size() == 8;
        long target = to64 ? cpu.regs[Registers.RCX] : cpu.regs[Registers.RCX] & LOW_32;
        if (!cpu.control.canonical(target)) {
            throw CpuFault.generalProtection(0);
        }
        trapByNewFlags(cpu, cpu.regs[Registers.R11]);
        cpu.nextRip = target;
        cpu.setRflags(cpu.regs[Registers.R11] & SYSRET_FLAGS);
        int selector = (int) (cpu.system.star >>> SYSRET_SHIFT) & 0xFFFF;
        enter(cpu, selector + (to64 ? 16 : 0), selector + 8, 3, to64);
        cpu.flow.systemReturn();
    }

    /**
     * AMD's processors look at the target only when they are there, keep the hidden part of SS, and
     * from 32-bit code take nothing of RFLAGS but IF = 1 (AMD64 Architecture Programmer's Manual
     * Vol. 3, "SYSRET").
     */
    private static void sysretOfAmd(Cpu cpu, Instruction insn) {
        if (!cpu.control.protectedMode()) {
            throw CpuFault.generalProtection(0);
        }
        boolean from64 = cpu.control.codeIs64();
        boolean to64 = from64 && insn.width().size() == 8;
        long flags = from64 ? cpu.regs[Registers.R11] : cpu.systemFlags | Rflags.IF;
        trapByNewFlags(cpu, flags);
        cpu.nextRip = to64 ? cpu.regs[Registers.RCX] : cpu.regs[Registers.RCX] & LOW_32;
        if (from64) {
            cpu.setRflags(flags & SYSRET_FLAGS);
        } else {
            cpu.systemFlags |= Rflags.IF;
        }
        int selector = (int) (cpu.system.star >>> SYSRET_SHIFT) & 0xFFFF;
        cpu.segments.selector[Segments.SS] = selector + 8 & 0xFFFF;
        enterCode(cpu, selector + (to64 ? 16 : 0), 3, to64);
    }

    /** These two are trapped by the TF they end with. */
    private static void trapByNewFlags(Cpu cpu, long flags) {
        boolean trap = (flags & Rflags.TF) != 0;
        if (trap) {
            cpu.breakpoints.requireAlone();
        }
        cpu.breakpoints.trapping = trap;
    }

    private static void requireEnabled(Cpu cpu) {
        boolean anywhere = cpu.model.isAmd();
        if (!anywhere && !cpu.control.codeIs64()
                || (cpu.control.efer() & ControlBits.EFER_SCE) == 0) {
            throw CpuFault.invalidOpcode();
        }
    }

    @Semantics(value = SYSENTER, leaves = true)
    public static void sysenter(Cpu cpu, Instruction insn) {
        requireNotAmdLongMode(cpu);
        int selector = (int) cpu.system.sysenterCs & 0xFFFC;
        if (!cpu.control.protectedMode() || selector == 0) {
            throw CpuFault.generalProtection(0);
        }
        boolean to64 = cpu.control.longMode();
        long mask = to64 ? -1L : LOW_32;
        cpu.clearFlags(Rflags.VM | Rflags.IF | Rflags.RF);
        cpu.regs[Registers.RSP] = cpu.system.sysenterEsp & mask;
        cpu.nextRip = cpu.system.sysenterEip & mask;
        int from = cpu.cpl;
        enter(cpu, selector, selector + 8, 0, to64);
        cpu.flow.systemCall(from);
    }

    @Semantics(value = SYSEXIT, leaves = true)
    public static void sysexit(Cpu cpu, Instruction insn) {
        requireNotAmdLongMode(cpu);
        int selector = (int) cpu.system.sysenterCs & 0xFFFC;
        if (!cpu.control.protectedMode() || selector == 0 || cpu.cpl != 0) {
            throw CpuFault.generalProtection(0);
        }
        boolean to64 = insn.width().size() == 8;
        long target = cpu.regs[Registers.RDX];
        long stack = cpu.regs[Registers.RCX];
        if (to64 && (!cpu.control.canonical(target) || !cpu.control.canonical(stack))) {
            throw CpuFault.generalProtection(0);
        }
        cpu.regs[Registers.RSP] = to64 ? stack : stack & LOW_32;
        cpu.nextRip = to64 ? target : target & LOW_32;
        int code = selector + (to64 ? 32 : 16);
        enter(cpu, code, code + 8, 3, to64);
        cpu.flow.systemReturn();
    }

    /** AMD's processors have these two in legacy mode only. */
    private static void requireNotAmdLongMode(Cpu cpu) {
        if (cpu.model.isAmd() && cpu.control.longMode()) {
            throw CpuFault.invalidOpcode();
        }
    }

    /** Flat code and stack without looking at descriptors. */
    private static void enter(Cpu cpu, int code, int stack, int privilege, boolean to64) {
        enterCode(cpu, code, privilege, to64);
        int dpl = privilege << Descriptor.DPL_SHIFT;
        cpu.segments.set(Segments.SS, stack & 0xFFFC | privilege, 0, WHOLE, DATA_TYPE | dpl);
    }

    private static void enterCode(Cpu cpu, int code, int privilege, boolean to64) {
        int dpl = privilege << Descriptor.DPL_SHIFT;
        int size = to64 ? Descriptor.LONG : Descriptor.BIG;
        cpu.cpl = privilege;
        cpu.segments.set(Segments.CS, code & 0xFFFC | privilege, 0, WHOLE, CODE_TYPE | size | dpl);
    }

    @Semantics(value = SWAPGS)
    public static void swapGs(Cpu cpu, Instruction insn) {
        if (!cpu.control.codeIs64()) {
            throw CpuFault.invalidOpcode();
        }
        Privilege.require(cpu);
        long base = cpu.segments.base(Segments.GS);
        cpu.segments.setBase(Segments.GS, cpu.system.kernelGsBase);
        cpu.system.kernelGsBase = base;
    }
}
