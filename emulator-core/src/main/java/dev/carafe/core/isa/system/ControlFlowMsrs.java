package dev.carafe.core.isa.system;

import dev.carafe.core.cpu.Feature;

/** Registers of control-flow enforcement (SDM Vol. 1, "CET MSRs"). */
final class ControlFlowMsrs {
    private static final int STACKS_AT = 0x6A4;
    private static final int LEVELS = 4;

    private ControlFlowMsrs() {}

    static void addTo(MsrTable table) {
        table.with(Feature.CET_SS, Feature.CET_IBT);
        table.add(
                0x6A0,
                "IA32_U_CET",
                cpu -> cpu.flow.configuration(true),
                (cpu, value) -> cpu.flow.configure(true, value));
        table.add(
                0x6A2,
                "IA32_S_CET",
                cpu -> cpu.flow.configuration(false),
                (cpu, value) -> cpu.flow.configure(false, value));
        table.with(Feature.CET_SS);
        for (int i = 0; i < LEVELS; i++) {
            int level = i;
            table.add(
                    STACKS_AT + i,
                    "IA32_PL" + i + "_SSP",
                    cpu -> cpu.flow.stack(level),
                    (cpu, value) -> cpu.flow.setStack(level, value));
        }
        table.add(
                0x6A8,
                "IA32_INTERRUPT_SSP_TABLE_ADDR",
                cpu -> cpu.flow.interruptTable,
                (cpu, value) -> cpu.flow.interruptTable = MsrTable.canonical(cpu, value));
    }
}
