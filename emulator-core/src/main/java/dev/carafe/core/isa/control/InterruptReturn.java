package dev.carafe.core.isa.control;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TaskSwitch;
import dev.carafe.core.cpu.VirtualInterrupts;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.system.FlagOps;

/** IRET, IRETD and IRETQ (SDM Vol. 2). */
public final class InterruptReturn {
    private static final int VIRTUAL_FLAGS = Rflags.VIF | Rflags.VIP;
    private static final int[] DATA_SEGMENTS = {Segments.ES, Segments.DS, Segments.FS, Segments.GS};

    private InterruptReturn() {}

    @Semantics(
            value = {IRET, IRETD, IRETQ},
            leaves = true)
    public static void interruptReturn(Cpu cpu, Instruction insn) {
        if (cpu.nmiBlocked) {
            cpu.nmiBlocked = false; // even where IRET itself faults
            cpu.events.clear(Events.SECOND_NMI); // those that came meanwhile are one
        }
        cpu.frames.returning();
        Width width = insn.width();
        if (FarTransfers.realAddressing(cpu)) {
            returnInRealAddressing(cpu, width);
            return;
        }
        if ((cpu.systemFlags & Rflags.NT) != 0) {
            returnToOuterTask(cpu);
            return;
        }
        if (width.size() == Long.BYTES) {
            returnWide(cpu);
            return;
        }
        int size = width.size();
        long offset = Stack.peek(cpu, width, 0);
        int selector = (int) Stack.peek(cpu, width, size) & 0xFFFF;
        long image = Stack.peek(cpu, width, 2 * size);
        boolean toVirtual =
                (image & Rflags.VM) != 0 && cpu.cpl == 0 && size == 4 && !cpu.control.longMode();
        if (toVirtual) {
            returnToVirtual8086(cpu, offset, selector, image);
            return;
        }
        returnToProtected(cpu, width, selector, offset, image);
    }

    private static void returnInRealAddressing(Cpu cpu, Width width) {
        int size = width.size();
        boolean virtual = VirtualInterrupts.virtualFlags(cpu, size);
        long offset = Stack.peek(cpu, width, 0);
        int selector = (int) Stack.peek(cpu, width, size) & 0xFFFF;
        long image = Stack.peek(cpu, width, 2 * size);
        FarTransfers.checkRealLimit(cpu, offset);
        if (virtual) {
            VirtualInterrupts.checkImage(cpu, image);
        }
        int writable = writable(cpu, size) & ~VIRTUAL_FLAGS;
        Stack.release(cpu, 3 * size);
        cpu.segments.loadRealMode(Segments.CS, selector);
        if (virtual) {
            VirtualInterrupts.load(cpu, image);
        } else {
            cpu.loadFlags(image, writable);
        }
        cpu.nextRip = offset;
    }

    private static void returnToOuterTask(Cpu cpu) {
        if (cpu.control.longMode()) {
            throw CpuFault.generalProtection(0);
        }
        TaskSwitch.nestedReturn(cpu);
    }

    /** IRETQ: exists in 64-bit code only, and its frame always has a stack pointer. */
    private static void returnWide(Cpu cpu) {
        long[] frame = cpu.frame;
        boolean whole = cpu.memory.bulk.loadFrame(cpu.regs[Registers.RSP], frame);
        long offset = whole ? frame[0] : Stack.peek64(cpu, 0);
        int selector = (int) (whole ? frame[1] : Stack.peek64(cpu, 8)) & 0xFFFF;
        long image = whole ? frame[2] : Stack.peek64(cpu, 16);
        long raw = FarTarget.read(cpu, selector);
        FarTarget.checkReturn(cpu, selector, Descriptor.attributes(raw));
        long pointer = whole ? frame[3] : Stack.peek64(cpu, 24);
        int stack = (int) (whole ? frame[4] : Stack.peek64(cpu, 32)) & 0xFFFF;
        int writable = writable(cpu, Long.BYTES);
        enterWithStack(cpu, selector, raw, offset, stack, pointer);
        cpu.loadFlags(image, writable);
    }

    private static void returnToProtected(
            Cpu cpu, Width width, int selector, long offset, long image) {
        int size = width.size();
        long raw = FarTarget.read(cpu, selector);
        FarTarget.checkReturn(cpu, selector, Descriptor.attributes(raw));
        int privilege = selector & 3;
        int writable = writable(cpu, size);
        if (privilege != cpu.cpl || cpu.control.codeIs64()) {
            long pointer = Stack.peek(cpu, width, 3 * size);
            int stack = (int) Stack.peek(cpu, width, 4 * size) & 0xFFFF;
            enterWithStack(cpu, selector, raw, offset, stack, pointer);
        } else {
            FarTarget.checkOffset(cpu, raw, offset);
            long previous = cpu.flow.checkFrame(selector, offset);
            Stack.release(cpu, 3 * size);
            FarTransfers.enter(cpu, selector, raw, privilege, offset);
            cpu.flow.popped(previous, true);
        }
        cpu.loadFlags(image, writable);
    }

    /** Goes on in checked code with a stack of its own, which is checked here. */
    private static void enterWithStack(
            Cpu cpu, int selector, long raw, long offset, int stack, long pointer) {
        int privilege = selector & 3;
        boolean outer = privilege != cpu.cpl;
        if (!outer) {
            FarTarget.checkOffset(cpu, raw, offset); // before the stack, as a host showed
        }
        long stackRaw = FarTarget.checkOuterStack(cpu, stack, privilege, raw);
        FarTarget.checkOffset(cpu, raw, offset);
        if (outer) {
            cpu.flow.leave(privilege, cpu.flow.checkOuter(privilege, selector, offset));
        } else {
            cpu.flow.popped(cpu.flow.checkFrame(selector, offset), true);
        }
        FarTransfers.enter(cpu, selector, raw, privilege, offset);
        FarTarget.setStack(cpu, stack, stackRaw);
        Stack.setPointer(cpu, pointer);
        if (outer) {
            cpu.segments.dropPrivilegedData();
        }
    }

    /** By the privilege before the return. */
    private static int writable(Cpu cpu, int size) {
        int writable = FlagOps.writable(cpu, size);
        if (size > 2) {
            writable |= Rflags.RF | (cpu.cpl == 0 ? VIRTUAL_FLAGS : 0);
        }
        return writable;
    }

    private static void returnToVirtual8086(Cpu cpu, long offset, int selector, long image) {
        Width width = Width.W32;
        long pointer = Stack.peek(cpu, width, 12);
        int stack = (int) Stack.peek(cpu, width, 16) & 0xFFFF;
        int[] data = new int[DATA_SEGMENTS.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (int) Stack.peek(cpu, width, 20 + 4 * i) & 0xFFFF;
        }
        cpu.setRflags(image);
        cpu.cpl = 3;
        cpu.segments.loadRealMode(Segments.CS, selector);
        cpu.segments.loadRealMode(Segments.SS, stack);
        for (int i = 0; i < data.length; i++) {
            cpu.segments.loadRealMode(DATA_SEGMENTS[i], data[i]);
        }
        cpu.regs[Registers.RSP] = pointer;
        cpu.nextRip = offset & 0xFFFF;
    }
}
