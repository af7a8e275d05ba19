package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;

/**
 * Events in real-address mode: the interrupt vector table (SDM Vol. 3B, "Interrupt and Exception
 * Handling", 8086 emulation).
 */
final class RealModeDelivery {
    private static final int ENTRY = 4;

    private RealModeDelivery() {}

    static void deliver(Cpu cpu, EventDelivery.Event event) {
        TableRegister table = cpu.system.idtr;
        int at = event.vector() * ENTRY;
        if (at + ENTRY - 1 > table.limit()) {
            throw CpuFault.generalProtection(event.idtErrorCode());
        }
        long entry = cpu.memory.system.load32(table.base() + at & 0xFFFF_FFFFL);
        int selector = (int) (entry >>> 16) & 0xFFFF;
        long offset = entry & 0xFFFF;
        StackCursor stack = StackCursor.current(cpu, event.external());
        stack.push(Width.W16, EventDelivery.savedFlags(cpu, event));
        stack.push(Width.W16, cpu.segments.selector[Segments.CS]);
        stack.push(Width.W16, event.returnRip(cpu));
        cpu.regs[Registers.RSP] = stack.pointer();
        cpu.systemFlags &= ~(Rflags.IF | Rflags.TF | Rflags.AC | Rflags.RF);
        cpu.segments.loadRealMode(Segments.CS, selector);
        EventDelivery.enter(cpu, offset);
    }
}
