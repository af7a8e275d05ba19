package dev.carafe.core.isa.control;

import static dev.carafe.core.fault.ExceptionVector.BREAKPOINT;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.VirtualInterrupts;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * INT n, INT1 and INT3 (SDM Vol. 2); INTO is among the integer instructions, and IRET in {@link
 * InterruptReturn}.
 */
public final class Interrupts {
    private Interrupts() {}

    @Semantics(value = INT, leaves = true)
    public static void interrupt(Cpu cpu, Instruction insn) {
        int vector = (int) insn.immediate() & 0xFF;
        if (cpu.virtual8086()) {
            if (VirtualInterrupts.redirected(cpu, vector)) {
                VirtualInterrupts.redirect(cpu, vector);
                return;
            }
            if (cpu.iopl() < 3) {
                throw CpuFault.generalProtection(0);
            }
        }
        EventDelivery.softwareInterrupt(cpu, vector);
    }

    @Semantics(value = INT1, leaves = true)
    public static void debugInterrupt(Cpu cpu, Instruction insn) {
        EventDelivery.privilegedSoftwareInterrupt(cpu);
    }

    @Semantics(value = INT3, leaves = true)
    public static void breakpoint(Cpu cpu, Instruction insn) {
        EventDelivery.softwareInterrupt(cpu, BREAKPOINT);
    }
}
