package dev.carafe.core.isa.control;

import static dev.carafe.core.fault.ExceptionVector.INVALID_TSS;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.DescriptorAccess;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.StackCursor;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TssStack;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;

/**
 * A call gate whose own and whose target's checks have passed (SDM Vol. 3A, "Accessing a Code
 * Segment Through a Call Gate").
 *
 * @param selector of the target code segment
 * @param code its descriptor
 * @param offset entry point
 * @param width of what is pushed
 * @param parameters to copy to an inner stack, in units of the width
 */
record CallGate(int selector, long code, long offset, Width width, int parameters) {
    private static final int TSS_RSP0 = 4;
    private static final int PARAMETERS = 0x1F;

    static CallGate read(Cpu cpu, int gateSelector, long raw) {
        int attributes = Descriptor.attributes(raw);
        int type = Descriptor.type(attributes);
        boolean longMode = cpu.control.longMode();
        boolean gate = type == Descriptor.CALL_GATE || type == Descriptor.CALL_GATE16 && !longMode;
        FarTarget.require(gate, gateSelector);
        FarTarget.require(
                Descriptor.dpl(attributes) >= Math.max(cpu.cpl, gateSelector & 3), gateSelector);
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, gateSelector & 0xFFFC);
        }
        long offset = Descriptor.gateOffset(raw);
        Width width = type == Descriptor.CALL_GATE ? Width.W32 : Width.W16;
        if (longMode) {
            long upper = DescriptorAccess.readUpper(cpu, gateSelector);
            FarTarget.require((upper >>> 40 & 0x1F) == 0, gateSelector);
            offset |= upper << 32;
            width = Width.W64;
        }
        int selector = Descriptor.gateSelector(raw);
        long code = FarTarget.read(cpu, selector);
        int codeType = Descriptor.attributes(code);
        FarTarget.require(
                Descriptor.isCode(codeType) && Descriptor.dpl(codeType) <= cpu.cpl, selector);
        boolean code64 = (codeType & (Descriptor.LONG | Descriptor.BIG)) == Descriptor.LONG;
        FarTarget.require(!longMode || code64, selector);
        if (!Descriptor.present(codeType)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, selector & 0xFFFC);
        }
        FarTarget.checkOffset(cpu, code, width.truncate(offset));
        return new CallGate(
                selector, code, width.truncate(offset), width, (int) (raw >>> 32) & PARAMETERS);
    }

    /** A jump stays at its level. */
    void checkJump(Cpu cpu) {
        int attributes = Descriptor.attributes(code);
        FarTarget.require(
                Descriptor.isConforming(attributes) || Descriptor.dpl(attributes) == cpu.cpl,
                selector);
    }

    void call(Cpu cpu) {
        int attributes = Descriptor.attributes(code);
        int privilege = Descriptor.isConforming(attributes) ? cpu.cpl : Descriptor.dpl(attributes);
        int from = cpu.cpl;
        long ssp;
        if (privilege == from) {
            ssp = pushToSame(cpu);
        } else if (cpu.control.longMode()) {
            ssp = pushToInner64(cpu, privilege);
        } else {
            ssp = pushToInner(cpu, privilege);
        }
        FarTransfers.enter(cpu, selector, code, privilege, offset);
        if (privilege == from) {
            cpu.flow.called(ssp);
        } else {
            cpu.flow.entered(from, ssp);
        }
    }

    /** Onto the shadow stack, the last that can fault; returns the SSP to go on with. */
    private static long shadowPush(Cpu cpu, int privilege) {
        cpu.control.actAs(privilege);
        try {
            return cpu.flow.enter(privilege, 0, cpu.segments.selector[Segments.CS], cpu.nextRip);
        } finally {
            cpu.control.privilegeChanged();
        }
    }

    /** Same level. From compatibility mode the frame is one of 64-bit code all the same. */
    private long pushToSame(Cpu cpu) {
        StackCursor stack =
                cpu.control.longMode()
                        ? StackCursor.flat(cpu, Stack.mask(cpu) & cpu.regs[Registers.RSP], 0)
                        : StackCursor.current(cpu, 0);
        pushReturn(cpu, stack);
        long ssp = shadowPush(cpu, cpu.cpl);
        cpu.regs[Registers.RSP] = stack.pointer();
        return ssp;
    }

    private void pushReturn(Cpu cpu, StackCursor stack) {
        stack.push(width, cpu.segments.selector[Segments.CS]);
        stack.push(width, cpu.nextRip);
    }

    private long pushToInner64(Cpu cpu, int privilege) {
        SystemSegment tr = cpu.system.tr;
        int at = TSS_RSP0 + 8 * privilege;
        if (!tr.contains(at, 8)) {
            throw CpuFault.of(INVALID_TSS, tr.selector() & 0xFFFC);
        }
        StackCursor stack = StackCursor.flat(cpu, cpu.memory.system.load64(tr.base() + at), 0);
        onLevel(
                cpu,
                privilege,
                () -> {
                    stack.push(width, cpu.segments.selector[Segments.SS]);
                    stack.push(width, cpu.regs[Registers.RSP]);
                    pushReturn(cpu, stack);
                });
        long ssp = shadowPush(cpu, privilege);
        cpu.regs[Registers.RSP] = stack.pointer();
        cpu.segments.setNull(Segments.SS, privilege);
        return ssp;
    }

    private long pushToInner(Cpu cpu, int privilege) {
        TssStack wanted = TssStack.of(cpu, privilege, 0);
        if (Descriptor.isNull(wanted.selector())) {
            throw CpuFault.of(INVALID_TSS, 0);
        }
        long raw = cpu.segments.checkedStack(wanted.selector(), privilege, INVALID_TSS, 0);
        StackCursor stack = StackCursor.of(cpu, raw, wanted.pointer(), wanted.selector() & 0xFFFC);
        long[] copied = new long[parameters];
        for (int i = 0; i < parameters; i++) {
            copied[i] = Stack.peek(cpu, width, i * width.size());
        }
        onLevel(
                cpu,
                privilege,
                () -> {
                    stack.push(width, cpu.segments.selector[Segments.SS]);
                    stack.push(width, cpu.regs[Registers.RSP]);
                    for (int i = parameters - 1; i >= 0; i--) {
                        stack.push(width, copied[i]);
                    }
                    pushReturn(cpu, stack);
                });
        long ssp = shadowPush(cpu, privilege);
        long marked = DescriptorAccess.markAccessed(cpu, wanted.selector(), raw);
        cpu.regs[Registers.RSP] = stack.pointer();
        cpu.segments.setFromDescriptor(Segments.SS, wanted.selector(), marked);
        return ssp;
    }

    private static void onLevel(Cpu cpu, int privilege, Runnable pushes) {
        cpu.control.actAs(privilege);
        try {
            pushes.run();
        } finally {
            cpu.control.privilegeChanged();
        }
    }
}
