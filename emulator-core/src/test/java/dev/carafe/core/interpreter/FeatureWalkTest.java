package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A feature is there in every respect or not at all: CPUID, opcode rows, control-register bits and
 * MSRs agree, for each feature in turn.
 */
class FeatureWalkTest {
    private static final OpcodeTables OPCODES = OpcodeTables.load();
    private static final CpuTopology ONE = CpuTopology.ofCores(1);
    private static final int GENERAL_PROTECTION = 13;
    private static final int INVALID_OPCODE = 6;

    /**
     * Features that CPUID alone shows: speed, hints, behaviour of instructions that exist anyway.
     */
    private static final Set<Feature> TOLD_ONLY =
            EnumSet.of(
                    Feature.HYPERVISOR,
                    Feature.ERMS,
                    Feature.FSRM,
                    Feature.ARAT,
                    Feature.FDP_EXCPTN_ONLY,
                    Feature.ZERO_FCS_FDS,
                    Feature.PSE36,
                    Feature.PDPE1GB,
                    Feature.INVARIANT_TSC,
                    Feature.PREFETCHW,
                    Feature.CLDEMOTE,
                    Feature.MD_CLEAR,
                    Feature.CMP_LEGACY,
                    Feature.TOPOEXT,
                    Feature.LAM,
                    Feature.PDCM,
                    Feature.XGETBV1,
                    Feature.FPU);

    /** Bits of CR4 that exist because of a feature. */
    private static final Map<Feature, Long> CR4 = new EnumMap<>(Feature.class);

    static {
        CR4.put(Feature.DE, ControlBits.CR4_DE);
        CR4.put(Feature.VME, ControlBits.CR4_VME);
        CR4.put(Feature.PSE, ControlBits.CR4_PSE);
        CR4.put(Feature.MCE, ControlBits.CR4_MCE);
        CR4.put(Feature.PGE, ControlBits.CR4_PGE);
        CR4.put(Feature.TSC, ControlBits.CR4_TSD);
        CR4.put(Feature.SSE, ControlBits.CR4_OSXMMEXCPT);
        CR4.put(Feature.FXSR, ControlBits.CR4_OSFXSR);
        CR4.put(Feature.UMIP, ControlBits.CR4_UMIP);
        CR4.put(Feature.FSGSBASE, ControlBits.CR4_FSGSBASE);
        CR4.put(Feature.XSAVE, ControlBits.CR4_OSXSAVE);
        CR4.put(Feature.SMEP, ControlBits.CR4_SMEP);
        CR4.put(Feature.SMAP, ControlBits.CR4_SMAP);
    }

    /** One MSR of each feature that brings some. */
    private static final Map<Feature, Integer> MSRS = new EnumMap<>(Feature.class);

    static {
        MSRS.put(Feature.TSC_ADJUST, 0x3B);
        MSRS.put(Feature.SEP, 0x174);
        MSRS.put(Feature.MTRR, 0x2FF);
        MSRS.put(Feature.PAT, 0x277);
        MSRS.put(Feature.MCA, 0x179);
        MSRS.put(Feature.SPEC_CTRL, 0x48);
        MSRS.put(Feature.ARCH_CAPABILITIES, 0x10A);
        MSRS.put(Feature.ARCH_PERFMON, 0x38F);
    }

    /** Features that other tests of the same kind look at: APIC, paging, execute-disable. */
    private static final Set<Feature> ELSEWHERE =
            EnumSet.of(
                    Feature.APIC,
                    Feature.X2APIC,
                    Feature.STIBP,
                    Feature.SSBD,
                    Feature.TSC_DEADLINE,
                    Feature.PAE,
                    Feature.NX,
                    Feature.LM,
                    Feature.PCID,
                    Feature.PKU,
                    Feature.PKS,
                    Feature.LA57);

    @Test
    void everyFeatureOfATableRowIsKnown() {
        List<String> unknown = new ArrayList<>();
        for (Encoding each : OPCODES.rows()) {
            for (String feature : features(each)) {
                if (Feature.named(feature).isEmpty()) {
                    unknown.add(each.notation());
                }
            }
        }

        assertEquals(List.of(), unknown);
    }

    @Test
    void everyAdvertisedFeatureIsSomewhere() {
        Set<Feature> found = EnumSet.copyOf(TOLD_ONLY);
        for (Encoding each : OPCODES.rows()) {
            for (String feature : features(each)) {
                Feature.named(feature).ifPresent(found::add);
            }
        }
        found.addAll(CR4.keySet());
        found.addAll(MSRS.keySet());
        found.addAll(ELSEWHERE);
        Set<Feature> lost = CpuModel.implemented();
        lost.removeAll(found);

        assertEquals(Set.of(), lost, "advertised, and nothing depends on it");
    }

    private static List<String> features(Encoding row) {
        String note = OPCODES.feature(row);
        return note.isEmpty() ? List.of() : List.of(note.split("\\+"));
    }

    @ParameterizedTest(name = "without {0}")
    @EnumSource(Feature.class)
    void controlBitsAndRegistersGoWithTheirFeature(Feature feature) {
        if (!CpuModel.implemented().contains(feature)) {
            return;
        }
        CpuModel without = CpuModel.of("max,-" + feature.text(), ONE, 1_000_000_000);
        assertTrue(!without.has(feature));
        if (!without.has(Feature.LM) || !without.has(Feature.MSR)) {
            return; // needs another program than 64-bit code
        }
        try (Vm there = Vm.bare();
                Vm missing = Vm.bare("max,-" + feature.text())) {
            if (CR4.containsKey(feature)) {
                assertEquals(-1, setCr4(there, CR4.get(feature)), "CR4 with " + feature);
                assertEquals(
                        GENERAL_PROTECTION,
                        setCr4(missing, CR4.get(feature)),
                        "CR4 without " + feature);
            }
            if (MSRS.containsKey(feature)) {
                assertEquals(-1, readMsr(there, MSRS.get(feature)), "MSR with " + feature);
                assertEquals(
                        GENERAL_PROTECTION,
                        readMsr(missing, MSRS.get(feature)),
                        "MSR without " + feature);
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            sse4.2      | F2 0F 38 F0 C0
            popcnt      | F3 0F B8 C0
            movbe       | 0F 38 F0 06
            adx         | 66 0F 38 F6 C0
            bmi1        | C4 E2 78 F2 C0
            bmi2        | C4 E2 F8 F5 C0
            rdpid       | F3 0F C7 F8
            rdtscp      | 0F 01 F9
            serialize   | 0F 01 E8
            cx16        | 48 0F C7 0E
            smap        | 0F 01 CA
            fsgsbase    | F3 0F AE C0
            clwb        | 66 0F AE 36
            cmov        | 0F 44 C0
            lahf-lm     | 9F
            sep         | 0F 34
            """)
    void instructionsExecuteExactlyWhereTheirFeatureIs(String feature, String code) {
        assertTrue(Feature.named(feature).isPresent(), feature);
        if (!CpuModel.implemented().contains(Feature.named(feature).get())) {
            return;
        }
        try (Vm there = Vm.bare();
                Vm missing = Vm.bare("max,-" + feature)) {
            assertEquals(feature.equals("sep") ? GENERAL_PROTECTION : -1, run(there, code));
            assertEquals(INVALID_OPCODE, run(missing, code));
        }
    }

    private static long setCr4(Vm vm, long bits) {
        vm.set(Registers.RAX, vm.cpu.control.cr4() & ~bits | bits);
        return run(vm, "0F 22 E0"); // MOV CR4, RAX
    }

    private static long readMsr(Vm vm, int number) {
        vm.set(Registers.RCX, number);
        return run(vm, "0F 32");
    }

    /** The vector of the exception that the code raises, or -1. */
    private static long run(Vm vm, String code) {
        Cpu cpu = vm.cpu;
        vm.set(Registers.RSI, Vm.DATA);
        if (cpu.model.has(Feature.FSGSBASE)) {
            cpu.control.writeCr4(cpu.control.cr4() | ControlBits.CR4_FSGSBASE);
        }
        vm.execute(code);
        return vm.fault() == null ? -1 : vm.fault().vector();
    }
}
