package dev.carafe.core.cpu;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.INVALID_TSS;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;
import static dev.carafe.core.fault.ExceptionVector.STACK_FAULT;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.Mmu;

/**
 * Events in 64-bit and compatibility mode (SDM Vol. 3A, "Exception and Interrupt Handling in 64-bit
 * Mode").
 */
final class LongModeDelivery {
    private static final int ENTRY = 16;
    private static final int IST = 7;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_IST1 = 36;
    private static final long STACK_ALIGNMENT = 15;
    private static final int FRAME = 5 * Long.BYTES; // without error code

    private LongModeDelivery() {}

    static void deliver(Cpu cpu, EventDelivery.Event event) {
        int external = event.external();
        TableRegister table = cpu.system.idtr;
        int at = event.vector() * ENTRY;
        if (at + ENTRY - 1 > table.limit()) {
            throw CpuFault.generalProtection(event.idtErrorCode());
        }
        long gate = cpu.memory.system.load64(table.base() + at);
        long upper = cpu.memory.system.load64(table.base() + at + 8);
        int type = Descriptor.attributes(gate);
        checkGate(cpu, event, type);

        int selector = Descriptor.gateSelector(gate);
        long rip = Descriptor.gateOffset(gate) | upper << 32;
        long code = targetCode(cpu, selector, external);
        int codeType = Descriptor.attributes(code);
        int privilege = Descriptor.isConforming(codeType) ? cpu.cpl : Descriptor.dpl(codeType);
        boolean inner = privilege < cpu.cpl;
        int ist = (int) (gate >>> 32) & IST;
        long pointer = cpu.regs[Registers.RSP];
        if (!cpu.control.codeIs64()) {
            pointer &= 0xFFFF_FFFFL;
        }
        if (ist != 0) {
            pointer = stackFromTss(cpu, TSS_IST1 + (ist - 1) * 8, external);
        } else if (inner) {
            pointer = stackFromTss(cpu, TSS_RSP0 + privilege * 8, external);
        }
        if (!cpu.control.canonical(rip)) {
            throw CpuFault.generalProtection(external);
        }
        cpu.control.actAs(privilege);
        long frame = pushFrame(cpu, event, pointer & ~STACK_ALIGNMENT);
        int from = cpu.cpl;
        int oldCode = cpu.segments.selector[Segments.CS];
        long ssp = cpu.flow.enter(privilege, ist, oldCode, event.returnRip(cpu));

        long marked = DescriptorAccess.markAccessed(cpu, selector, code);
        EventDelivery.clearFlags(cpu, Descriptor.type(type) == Descriptor.INTERRUPT_GATE);
        cpu.regs[Registers.RSP] = frame;
        cpu.segments.setCode(selector, marked, privilege);
        if (inner) {
            cpu.segments.setNull(Segments.SS, privilege);
        }
        cpu.flow.entered(from, ssp);
        EventDelivery.enter(cpu, rip);
    }

    private static void checkGate(Cpu cpu, EventDelivery.Event event, int attributes) {
        int type = Descriptor.type(attributes);
        boolean known =
                Descriptor.isSystem(attributes)
                        && (type == Descriptor.INTERRUPT_GATE || type == Descriptor.TRAP_GATE);
        if (!known || event.software() && Descriptor.dpl(attributes) < cpu.cpl) {
            throw CpuFault.generalProtection(event.idtErrorCode());
        }
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, event.idtErrorCode());
        }
    }

    private static long targetCode(Cpu cpu, int selector, int external) {
        int errorCode = selector & 0xFFFC | external;
        if (Descriptor.isNull(selector)) {
            throw CpuFault.generalProtection(external);
        }
        long raw = DescriptorAccess.read(cpu, selector, GENERAL_PROTECTION, external);
        int found = Descriptor.attributes(raw);
        boolean code64 = (found & (Descriptor.LONG | Descriptor.BIG)) == Descriptor.LONG;
        if (!Descriptor.isCode(found) || Descriptor.dpl(found) > cpu.cpl || !code64) {
            throw CpuFault.generalProtection(errorCode);
        }
        if (!Descriptor.present(found)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        return raw;
    }

    private static long stackFromTss(Cpu cpu, int offset, int external) {
        SystemSegment tr = cpu.system.tr;
        if (!tr.contains(offset, 8)) {
            throw CpuFault.of(INVALID_TSS, tr.selector() & 0xFFFC | external);
        }
        return cpu.memory.system.load64(tr.base() + offset);
    }

    /** Stores the frame below {@code top}, the first push first; returns where it begins. */
    private static long pushFrame(Cpu cpu, EventDelivery.Event event, long top) {
        Mmu memory = cpu.memory;
        long bottom = top - (event.pushesErrorCode() ? FRAME + Long.BYTES : FRAME);
        if (!cpu.control.canonical(bottom) || !cpu.control.canonical(top - 1)) {
            throw CpuFault.of(STACK_FAULT, event.external());
        }
        long[] frame = cpu.frame;
        frame[0] = event.returnRip(cpu);
        frame[1] = cpu.segments.selector[Segments.CS];
        frame[2] = EventDelivery.savedFlags(cpu, event);
        frame[3] = cpu.regs[Registers.RSP];
        frame[4] = cpu.segments.selector[Segments.SS];
        if (!memory.bulk.storeFrame(top - FRAME, frame)) {
            for (int i = frame.length - 1; i >= 0; i--) {
                memory.store64(top - FRAME + 8L * i, frame[i]);
            }
        }
        if (event.pushesErrorCode()) {
            memory.store64(bottom, event.errorCode());
        }
        return bottom;
    }
}
