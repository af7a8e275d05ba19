package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.system.MsrTable.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.SystemRegisters;

/**
 * The machine-check architecture's registers (SDM Vol. 3B, "Machine-Check MSRs"): ten banks that no
 * error is ever logged in.
 */
final class MachineCheckMsrs {
    private static final long CONTROL_PRESENT = 1 << 8; // IA32_MCG_CAP.MCG_CTL_P
    private static final int BANKS_AT = 0x400;
    private static final int REGISTERS = 4; // of a bank: CTL, STATUS, ADDR, MISC
    private static final int STATUS = 1;
    private static final long ALL = -1L;

    /** Bits of a bank's CTL that systems are known to keep clear, for errata of old processors. */
    private static final long MAY_BE_CLEAR = 1 << 10 | 1;

    private static final int HARDWARE_CONFIGURATION = 0xC001_0015;
    private static final long STATUS_WRITE_ENABLE = 1 << 18; // HWCR.McStatusWrEn

    private MachineCheckMsrs() {}

    static void addTo(MsrTable table) {
        table.with(Feature.MCA);
        table.add(
                0x179,
                "IA32_MCG_CAP",
                cpu -> CONTROL_PRESENT | SystemRegisters.MACHINE_CHECK_BANKS,
                MsrTable::readOnly);
        table.add(
                0x17A,
                "IA32_MCG_STATUS",
                cpu -> cpu.system.machineCheckStatus,
                (cpu, value) -> {
                    reject(value >>> 3 != 0);
                    cpu.system.machineCheckStatus = value;
                });
        table.add(
                0x17B,
                "IA32_MCG_CTL",
                cpu -> cpu.system.machineCheckControl,
                (cpu, value) -> {
                    reject(value != 0 && value != ALL);
                    cpu.system.machineCheckControl = value;
                });
        for (int i = 0; i < SystemRegisters.MACHINE_CHECK_BANKS * REGISTERS; i++) {
            int place = i;
            table.add(
                    BANKS_AT + i,
                    "IA32_MC" + i / REGISTERS,
                    cpu -> cpu.system.machineCheckBanks[place],
                    (cpu, value) -> {
                        check(cpu, place % REGISTERS, value);
                        cpu.system.machineCheckBanks[place] = value;
                    });
        }
    }

    private static void check(Cpu cpu, int register, long value) {
        if (register == 0) {
            reject(value != 0 && (value | MAY_BE_CLEAR) != ALL);
        } else if (register == STATUS) {
            long configuration = cpu.system.keptMsrs.getOrDefault(HARDWARE_CONFIGURATION, 0L);
            boolean writable = cpu.model.isAmd() && (configuration & STATUS_WRITE_ENABLE) != 0;
            reject(value != 0 && !writable);
        }
    }
}
