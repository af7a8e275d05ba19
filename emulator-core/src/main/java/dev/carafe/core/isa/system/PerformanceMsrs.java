package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.system.MsrTable.reject;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.PerformanceCounters;

/**
 * Registers of architectural performance monitoring, version 2 (SDM Vol. 3B, "Architectural
 * Performance Monitoring"), and AMD's four counters of old.
 */
final class PerformanceMsrs {
    private static final int COUNTER = 0xC1;
    private static final int SELECT = 0x186;
    private static final int FIXED = 0x309;
    private static final int AMD_SELECT = 0xC001_0000;
    private static final int AMD_COUNTER = 0xC001_0004;

    private PerformanceMsrs() {}

    static void addTo(MsrTable table) {
        table.where(model -> model.has(Feature.ARCH_PERFMON) && !model.isAmd());
        for (int i = 0; i < PerformanceCounters.GENERAL; i++) {
            addGeneral(table, i, SELECT + i, COUNTER + i);
        }
        for (int i = 0; i < PerformanceCounters.FIXED; i++) {
            int counter = PerformanceCounters.GENERAL + i;
            table.add(
                    FIXED + i,
                    "IA32_FIXED_CTR" + i,
                    cpu -> cpu.performance.read(cpu, counter),
                    (cpu, value) -> cpu.performance.write(cpu, counter, value));
        }
        table.add(
                0x38D,
                "IA32_FIXED_CTR_CTRL",
                cpu -> cpu.performance.fixedControl(),
                (cpu, value) -> {
                    reject((value & ~PerformanceCounters.FIXED_CONTROL) != 0);
                    cpu.performance.setFixedControl(cpu, value);
                });
        table.add(
                0x38E,
                "IA32_PERF_GLOBAL_STATUS",
                cpu -> cpu.performance.status(cpu),
                MsrTable::readOnly);
        table.add(
                0x38F,
                "IA32_PERF_GLOBAL_CTRL",
                cpu -> cpu.performance.globalControl(),
                (cpu, value) -> {
                    reject((value & ~PerformanceCounters.ALL) != 0);
                    cpu.performance.setGlobalControl(cpu, value);
                });
        table.add(
                0x390,
                "IA32_PERF_GLOBAL_OVF_CTRL",
                cpu -> 0,
                (cpu, value) -> {
                    reject((value & ~(PerformanceCounters.ALL | 3L << 62)) != 0);
                    cpu.performance.clearStatus(cpu, value);
                });
        table.where(CpuModel::isAmd); // there without any bit in CPUID
        for (int i = 0; i < PerformanceCounters.GENERAL; i++) {
            addGeneral(table, i, AMD_SELECT + i, AMD_COUNTER + i);
        }
    }

    private static void addGeneral(MsrTable table, int counter, int select, int value) {
        table.add(
                select,
                "IA32_PERFEVTSEL" + counter,
                cpu -> cpu.performance.select(counter),
                (cpu, wanted) -> {
                    reject((wanted & ~selectable(cpu.model)) != 0);
                    cpu.performance.setSelect(cpu, counter, wanted);
                });
        table.add(
                value,
                "IA32_PMC" + counter,
                cpu -> cpu.performance.read(cpu, counter),
                (cpu, wanted) ->
                        cpu.performance.write(
                                cpu, counter, cpu.model.isAmd() ? wanted : (int) wanted));
    }

    private static long selectable(CpuModel model) {
        return model.isAmd() ? PerformanceCounters.AMD_SELECTABLE : PerformanceCounters.SELECTABLE;
    }
}
