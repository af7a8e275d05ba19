package dev.carafe.core.isa.system;

import dev.carafe.core.cpu.CpuModel;

/**
 * Registers that AMD's processors have and systems for them touch (AMD64 Architecture Programmer's
 * Manual Vol. 2, "Model-Specific Registers (MSRs)", and the processors' register references). They
 * keep what is written and change nothing but what HWCR allows.
 */
final class AmdMsrs {
    private static final int[] KEPT = {
        0xC001_0010, // SYSCFG
        0xC001_0015, // HWCR
        0xC001_0016,
        0xC001_0017,
        0xC001_0018,
        0xC001_0019, // IORR
        0xC001_001A, // TOP_MEM
        0xC001_001D, // TOP_MEM2
        0xC001_001F, // NB_CFG
        0xC001_0055, // interrupt pending
        0xC001_0061,
        0xC001_0062,
        0xC001_0063, // P-state
        0xC001_0111,
        0xC001_0112,
        0xC001_0113, // SMM_BASE, SMM_ADDR, SMM_MASK
        0xC001_0114, // VM_CR
        0xC001_0140,
        0xC001_0141, // OSVW
        0xC001_1004,
        0xC001_1005, // CPUID features
        0xC001_100D,
        0xC001_1020,
        0xC001_1021,
        0xC001_1022,
        0xC001_1023, // LS_CFG, IC_CFG, DC_CFG, BU_CFG
        0xC001_1028,
        0xC001_1029,
        0xC001_102A, // FP_CFG, DE_CFG, BU_CFG2
    };

    private static final int PSTATES_AT = 0xC001_0064;
    private static final int PSTATES = 8;

    private AmdMsrs() {}

    static void addTo(MsrTable table) {
        table.where(CpuModel::isAmd);
        for (int number : KEPT) {
            keep(table, number);
        }
        for (int i = 0; i < PSTATES; i++) {
            keep(table, PSTATES_AT + i);
        }
    }

    private static void keep(MsrTable table, int number) {
        table.add(
                number,
                "AMD " + Integer.toHexString(number),
                cpu -> cpu.system.keptMsrs.getOrDefault(number, 0L),
                (cpu, value) -> cpu.system.keptMsrs.put(number, value));
    }
}
