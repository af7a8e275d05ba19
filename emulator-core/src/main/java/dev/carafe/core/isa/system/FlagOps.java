package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.InterruptShadow;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.VirtualInterrupts;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.control.Stack;

/** CLI, STI, PUSHF and POPF (SDM Vol. 2; Vol. 3A, "Masking Maskable Hardware Interrupts"). */
public final class FlagOps {
    private static final int ALWAYS_WRITABLE =
            Flags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.AC | Rflags.ID;
    private static final int LOW_16 = 0xFFFF;

    private FlagOps() {}

    @Semantics(CLI)
    public static void clearInterrupt(Cpu cpu, Instruction insn) {
        if (VirtualInterrupts.realFlag(cpu)) {
            cpu.systemFlags &= ~Rflags.IF;
        } else {
            VirtualInterrupts.clear(cpu);
        }
    }

    @Semantics(value = STI, leaves = true)
    public static void setInterrupt(Cpu cpu, Instruction insn) {
        if (!VirtualInterrupts.realFlag(cpu)) {
            VirtualInterrupts.set(cpu);
        } else if (!cpu.interruptsEnabled()) {
            cpu.systemFlags |= Rflags.IF;
            cpu.shadow = InterruptShadow.STI;
        }
    }

    @Semantics({PUSHF, PUSHFD, PUSHFQ})
    public static void pushFlags(Cpu cpu, Instruction insn) {
        boolean virtual = VirtualInterrupts.virtualFlags(cpu, insn.width().size());
        long image = virtual ? VirtualInterrupts.image(cpu) : cpu.rflags();
        Stack.push(cpu, insn.width(), image & ~(Rflags.VM | Rflags.RF));
    }

    @Semantics(
            value = {POPF, POPFD, POPFQ},
            leaves = true)
    public static void popFlags(Cpu cpu, Instruction insn) {
        if (VirtualInterrupts.virtualFlags(cpu, insn.width().size())) {
            long virtual = Stack.peek(cpu, insn.width());
            VirtualInterrupts.checkImage(cpu, virtual);
            Stack.release(cpu, insn.width().size());
            VirtualInterrupts.load(cpu, virtual);
            return;
        }
        long image = Stack.pop(cpu, insn.width());
        cpu.loadFlags(image, writable(cpu, insn.width().size()));
    }

    /**
     * Flags that POPF, or IRET but for RF, VIF, VIP and VM, may change at this privilege with this
     * operand size.
     */
    public static int writable(Cpu cpu, int size) {
        int writable =
                ALWAYS_WRITABLE
                        | (cpu.cpl <= cpu.iopl() ? Rflags.IF : 0)
                        | (cpu.cpl == 0 ? Rflags.IOPL : 0);
        return size == 2 ? writable & LOW_16 : writable;
    }
}
