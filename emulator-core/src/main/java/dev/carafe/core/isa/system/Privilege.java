package dev.carafe.core.isa.system;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/** Checks that several system instructions begin with. */
final class Privilege {
    private Privilege() {}

    /** #GP(0) unless CPL is 0. */
    static void require(Cpu cpu) {
        if (cpu.cpl != 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    /** #UD in real-address and virtual-8086 mode. */
    static void requireProtectedMode(Cpu cpu) {
        if (!cpu.control.protectedMode() || cpu.virtual8086()) {
            throw CpuFault.invalidOpcode();
        }
    }

    /** #UD without the feature. */
    static void require(Cpu cpu, Feature feature) {
        if (!cpu.model.has(feature)) {
            throw CpuFault.invalidOpcode();
        }
    }

    /** User-mode instruction prevention: #GP(0) when CR4.UMIP is set and CPL is not 0. */
    static void requireUnprevented(Cpu cpu) {
        if (cpu.control.cr4(ControlBits.CR4_UMIP)) {
            require(cpu);
        }
    }

    /** #NM while CR0.EM or CR0.TS is set. */
    static void requireX87(Cpu cpu) {
        if (cpu.control.cr0(ControlBits.CR0_EM | ControlBits.CR0_TS)) {
            throw CpuFault.of(ExceptionVector.DEVICE_NOT_AVAILABLE);
        }
    }

    /** #UD unless SSE is enabled, #NM while CR0.TS is set. */
    static void requireSse(Cpu cpu) {
        if (cpu.control.cr0(ControlBits.CR0_EM) || !cpu.control.cr4(ControlBits.CR4_OSFXSR)) {
            throw CpuFault.invalidOpcode();
        }
        requireX87(cpu);
    }
}
