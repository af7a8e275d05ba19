package dev.carafe.core.isa.control;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.DescriptorAccess;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TaskSwitch;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * Far JMP, CALL and RET (SDM Vol. 2; Vol. 3A, "Privilege Level Checking When Transferring Program
 * Control Between Code Segments").
 */
public final class FarTransfers {
    private FarTransfers() {}

    /** A far pointer operand. */
    private record Pointer(int selector, long offset) {}

    private static Pointer pointer(Cpu cpu, Instruction insn) {
        int size = insn.width().size();
        if (!insn.memory()) {
            return new Pointer(insn.immediate2() & 0xFFFF, insn.width().truncate(insn.immediate()));
        }
        long at = Operands.address(cpu, insn, size + 2, false);
        long offset = cpu.memory.load(at, size);
        return new Pointer((int) cpu.memory.load16(at + size), offset);
    }

    static boolean realAddressing(Cpu cpu) {
        return !cpu.control.protectedMode() || cpu.virtual8086();
    }

    // ---- JMP

    @Semantics(value = JMP_FAR, leaves = true)
    public static void jump(Cpu cpu, Instruction insn) {
        Pointer to = pointer(cpu, insn);
        if (realAddressing(cpu)) {
            checkRealLimit(cpu, to.offset());
            cpu.segments.loadRealMode(Segments.CS, to.selector());
            cpu.nextRip = to.offset();
            return;
        }
        long raw = FarTarget.read(cpu, to.selector());
        int attributes = Descriptor.attributes(raw);
        if (TaskSwitch.isTask(cpu, attributes)) {
            TaskSwitch.transfer(cpu, TaskSwitch.Cause.JUMP, to.selector(), raw);
            return;
        }
        if (Descriptor.isSystem(attributes)) {
            CallGate gate = CallGate.read(cpu, to.selector(), raw);
            gate.checkJump(cpu);
            enter(cpu, gate.selector(), gate.code(), cpu.cpl, gate.offset());
            cpu.flow.expectEndBranch();
            return;
        }
        FarTarget.checkDirect(cpu, to.selector(), attributes);
        FarTarget.checkOffset(cpu, raw, to.offset());
        enter(cpu, to.selector(), raw, cpu.cpl, to.offset());
        cpu.flow.expectEndBranch();
    }

    /** Loads CS, marks it accessed and goes on there. */
    static void enter(Cpu cpu, int selector, long raw, int privilege, long offset) {
        long marked = DescriptorAccess.markAccessed(cpu, selector, raw);
        cpu.segments.setCode(selector, marked, privilege);
        cpu.nextRip = offset;
    }

    static void checkRealLimit(Cpu cpu, long offset) {
        if (Long.compareUnsigned(offset, Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]))
                > 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    // ---- CALL

    @Semantics(value = CALL_FAR, leaves = true)
    public static void call(Cpu cpu, Instruction insn) {
        Pointer to = pointer(cpu, insn);
        Width width = insn.width();
        if (realAddressing(cpu)) {
            checkRealLimit(cpu, to.offset());
            pushReturn(cpu, width);
            cpu.segments.loadRealMode(Segments.CS, to.selector());
            cpu.nextRip = to.offset();
            return;
        }
        long raw = FarTarget.read(cpu, to.selector());
        int attributes = Descriptor.attributes(raw);
        if (TaskSwitch.isTask(cpu, attributes)) {
            TaskSwitch.transfer(cpu, TaskSwitch.Cause.CALL, to.selector(), raw);
            return;
        }
        if (Descriptor.isSystem(attributes)) {
            CallGate.read(cpu, to.selector(), raw).call(cpu);
            return;
        }
        FarTarget.checkDirect(cpu, to.selector(), attributes);
        FarTarget.checkOffset(cpu, raw, to.offset());
        long ssp = cpu.flow.enter(cpu.cpl, 0, cpu.segments.selector[Segments.CS], cpu.nextRip);
        pushReturn(cpu, width); // a fault leaves SSP as it was
        enter(cpu, to.selector(), raw, cpu.cpl, to.offset());
        cpu.flow.called(ssp);
    }

    /** CS and the next instruction's address; both stores before RSP moves. */
    static void pushReturn(Cpu cpu, Width width) {
        int size = width.size();
        Stack.poke(cpu, width, -size, cpu.segments.selector[Segments.CS]);
        Stack.poke(cpu, width, -2 * size, cpu.nextRip);
        Stack.release(cpu, -2 * size);
    }

    // ---- RET

    @Semantics(value = RET_FAR, leaves = true)
    public static void ret(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        int size = width.size();
        long extra = insn.encoding().operands().isEmpty() ? 0 : insn.immediate() & 0xFFFF;
        long offset = Stack.peek(cpu, width, 0);
        int selector = (int) Stack.peek(cpu, width, size) & 0xFFFF;
        if (realAddressing(cpu)) {
            checkRealLimit(cpu, offset);
            Stack.release(cpu, 2 * size + extra);
            cpu.segments.loadRealMode(Segments.CS, selector);
            cpu.nextRip = offset;
            return;
        }
        long raw = FarTarget.read(cpu, selector);
        FarTarget.checkReturn(cpu, selector, Descriptor.attributes(raw));
        int privilege = selector & 3;
        if (privilege == cpu.cpl) {
            FarTarget.checkOffset(cpu, raw, offset);
            long previous = cpu.flow.checkFrame(selector, offset);
            Stack.release(cpu, 2 * size + extra);
            enter(cpu, selector, raw, privilege, offset);
            cpu.flow.popped(previous, false);
            return;
        }
        long pointer = Stack.peek(cpu, width, 2 * size + (int) extra);
        int stack = (int) Stack.peek(cpu, width, 3 * size + (int) extra) & 0xFFFF;
        long stackRaw = FarTarget.checkOuterStack(cpu, stack, privilege, raw);
        FarTarget.checkOffset(cpu, raw, offset);
        toOuter(cpu, selector, raw, offset, stack, stackRaw, pointer);
        Stack.release(cpu, extra);
    }

    /** Return to an outer level: everything has been checked. */
    static void toOuter(
            Cpu cpu, int selector, long raw, long offset, int stack, long stackRaw, long pointer) {
        long next = cpu.flow.checkOuter(selector & 3, selector, offset);
        cpu.flow.leave(selector & 3, next);
        enter(cpu, selector, raw, selector & 3, offset);
        FarTarget.setStack(cpu, stack, stackRaw);
        Stack.setPointer(cpu, pointer);
        cpu.segments.dropPrivilegedData();
    }
}
