package dev.carafe.core.cpu;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.INVALID_TSS;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;

import dev.carafe.core.fault.CpuFault;

/**
 * Events in protected and virtual-8086 mode without IA-32e (SDM Vol. 3A, "Exception- or
 * Interrupt-Handler Procedures").
 */
final class ProtectedModeDelivery {
    private static final int ENTRY = 8;
    private static final int GATE_IS_32 = 8;
    private static final int GATE_IS_TRAP = 1;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private ProtectedModeDelivery() {}

    static void deliver(Cpu cpu, EventDelivery.Event event) {
        TableRegister table = cpu.system.idtr;
        int at = event.vector() * ENTRY;
        if (at + ENTRY - 1 > table.limit()) {
            throw CpuFault.generalProtection(event.idtErrorCode());
        }
        long gate = cpu.memory.system.load64(table.base() + at & LOW_32);
        int gateType = Descriptor.attributes(gate);
        checkGate(cpu, event, gateType);
        if (Descriptor.type(gateType) == Descriptor.TASK_GATE) {
            TaskSwitch.deliver(cpu, event, gate);
            return;
        }
        boolean wide = (gateType & GATE_IS_32) != 0;
        Width width = wide ? Width.W32 : Width.W16;
        long offset = Descriptor.gateOffset(gate) & width.mask();

        int selector = Descriptor.gateSelector(gate);
        long code = targetCode(cpu, selector, event.external());
        int codeType = Descriptor.attributes(code);
        int privilege = Descriptor.isConforming(codeType) ? cpu.cpl : Descriptor.dpl(codeType);
        if (Integer.compareUnsigned((int) offset, Descriptor.limit(code)) > 0) {
            throw CpuFault.generalProtection(event.external());
        }
        boolean virtual = cpu.virtual8086();
        if (virtual && privilege != 0) {
            throw CpuFault.generalProtection(selector & 0xFFFC | event.external());
        }
        if (privilege < cpu.cpl) {
            throughInnerStack(cpu, event, width, privilege);
        } else {
            StackCursor stack = StackCursor.current(cpu, event.external());
            pushFrame(cpu, event, stack, width);
            cpu.regs[Registers.RSP] = stack.pointer();
        }
        long marked = DescriptorAccess.markAccessed(cpu, selector, code);
        EventDelivery.clearFlags(cpu, (gateType & GATE_IS_TRAP) == 0);
        cpu.segments.setCode(selector, marked, privilege);
        if (virtual) {
            for (int segment : new int[] {Segments.ES, Segments.DS, Segments.FS, Segments.GS}) {
                cpu.segments.setNull(segment, 0);
            }
        }
        EventDelivery.enter(cpu, offset);
    }

    private static void checkGate(Cpu cpu, EventDelivery.Event event, int attributes) {
        boolean known =
                Descriptor.isSystem(attributes)
                        && switch (Descriptor.type(attributes)) {
                            case Descriptor.INTERRUPT_GATE,
                                    Descriptor.TRAP_GATE,
                                    Descriptor.INTERRUPT_GATE16,
                                    Descriptor.TRAP_GATE16,
                                    Descriptor.TASK_GATE ->
                                    true;
                            default -> false;
                        };
        if (!known || event.software() && Descriptor.dpl(attributes) < cpu.cpl) {
            throw CpuFault.generalProtection(event.idtErrorCode());
        }
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, event.idtErrorCode());
        }
    }

    private static long targetCode(Cpu cpu, int selector, int external) {
        if (Descriptor.isNull(selector)) {
            throw CpuFault.generalProtection(external);
        }
        int errorCode = selector & 0xFFFC | external;
        long raw = DescriptorAccess.read(cpu, selector, GENERAL_PROTECTION, external);
        int found = Descriptor.attributes(raw);
        if (!Descriptor.isCode(found) || Descriptor.dpl(found) > cpu.cpl) {
            throw CpuFault.generalProtection(errorCode);
        }
        if (!Descriptor.present(found)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        return raw;
    }

    private static void throughInnerStack(
            Cpu cpu, EventDelivery.Event event, Width width, int privilege) {
        TssStack wanted = TssStack.of(cpu, privilege, event.external());
        if (Descriptor.isNull(wanted.selector())) {
            throw CpuFault.of(INVALID_TSS, event.external());
        }
        long raw =
                cpu.segments.checkedStack(
                        wanted.selector(), privilege, INVALID_TSS, event.external());
        int errorCode = wanted.selector() & 0xFFFC | event.external();
        StackCursor stack = StackCursor.of(cpu, raw, wanted.pointer(), errorCode);
        cpu.control.actAs(privilege);
        Segments segments = cpu.segments;
        if (cpu.virtual8086()) {
            for (int segment : new int[] {Segments.GS, Segments.FS, Segments.DS, Segments.ES}) {
                stack.push(width, segments.selector[segment]);
            }
        }
        stack.push(width, segments.selector[Segments.SS]);
        stack.push(width, cpu.regs[Registers.RSP]);
        pushFrame(cpu, event, stack, width);
        long marked = DescriptorAccess.markAccessed(cpu, wanted.selector(), raw);
        cpu.regs[Registers.RSP] = stack.pointer();
        segments.setFromDescriptor(Segments.SS, wanted.selector(), marked);
    }

    private static void pushFrame(
            Cpu cpu, EventDelivery.Event event, StackCursor stack, Width width) {
        stack.push(width, EventDelivery.savedFlags(cpu, event));
        stack.push(width, cpu.segments.selector[Segments.CS]);
        stack.push(width, event.returnRip(cpu));
        if (event.pushesErrorCode()) {
            stack.push(width, event.errorCode());
        }
    }
}
