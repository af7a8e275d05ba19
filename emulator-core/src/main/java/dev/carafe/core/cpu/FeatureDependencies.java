package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.Feature.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which feature is nothing without another (SDM Vol. 1, the "Detection of ..." sections; Vol. 3A,
 * "Control Registers"). Removing one removes all that rest on it.
 */
final class FeatureDependencies {
    private static final Map<Feature, Set<Feature>> NEEDS = new EnumMap<>(Feature.class);

    static {
        need(FPU, MMX, FXSR, XSAVE);
        need(FXSR, SSE);
        need(SSE, SSE2);
        need(SSE2, SSE3, SSSE3, SSE4_1, SSE4_2, AES, PCLMULQDQ, SHA, GFNI, AVX, LM);
        need(XSAVE, AVX, XSAVEOPT, XSAVEC, XGETBV1, XSAVES);
        need(AVX, FMA, F16C, AVX2, VAES, VPCLMULQDQ);
        need(AES, VAES);
        need(PCLMULQDQ, VPCLMULQDQ);
        need(XSAVEC, XSAVES);
        need(PAE, NX, LM);
        need(MSR, APIC, MTRR, PAT, MCA, LM, ARCH_PERFMON, SPEC_CTRL, ARCH_CAPABILITIES);
        need(MCE, MCA);
        need(TSC, RDTSCP, TSC_ADJUST, TSC_DEADLINE, INVARIANT_TSC);
        need(APIC, X2APIC, TSC_DEADLINE, ARAT, ARCH_PERFMON);
        need(
                LM, CX16, LAHF_LM, SYSCALL, PCID, FSGSBASE, LA57, LAM, PDPE1GB, PKU, PKS, CET_SS,
                CET_IBT);
        need(PCID, INVPCID);
        need(PSE, PSE36);
        need(CLFLUSH, CLFLUSHOPT, CLWB);
        need(ARCH_PERFMON, PDCM);
        need(SPEC_CTRL, STIBP, SSBD);
    }

    private FeatureDependencies() {}

    private static void need(Feature foundation, Feature... others) {
        for (Feature each : others) {
            NEEDS.computeIfAbsent(each, key -> EnumSet.noneOf(Feature.class)).add(foundation);
        }
    }

    /** A feature that {@code feature} needs and {@code present} does not have. */
    static Optional<Feature> lacking(Feature feature, Set<Feature> present) {
        Set<Feature> foundations = NEEDS.get(feature);
        if (foundations != null) {
            for (Feature needed : foundations) {
                if (!present.contains(needed)) {
                    return Optional.of(needed);
                }
            }
        }
        return Optional.empty();
    }
}
