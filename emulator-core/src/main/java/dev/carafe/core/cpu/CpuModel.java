package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.ControlBits.*;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a processor is: name, features, widths, topology and frequencies. CPUID shows it, and the
 * rules for reserved bits of control registers follow from it, so that a feature is either there in
 * every respect or not at all. Immutable, and shared by all vCPUs of a machine.
 */
public final class CpuModel {
    /** Everything that is implemented. */
    public static final String MAX = "max";

    /** A plain x86-64 processor of the baseline level. */
    public static final String QEMU64 = "qemu64";

    /**
     * Core crystal clock; the local APIC timer counts it. Teaching kernels have QEMU's rate in
     * their code, as xv6 and JOS with a count of 10,000,000 for 10 ms.
     */
    public static final long CRYSTAL_HERTZ = 1_000_000_000;

    /** TSC frequency when nothing else is asked for. */
    public static final long DEFAULT_TSC_HERTZ = 1_000_000_000;

    static final int PHYSICAL_BITS = 40;
    private static final long CR4_ALWAYS = CR4_PCE;

    /**
     * The features of every 64-bit processor (psABI level x86-64-v1), as far as they are
     * implemented.
     */
    private static final Set<Feature> BASELINE =
            EnumSet.of(
                    Feature.FPU,
                    Feature.DE,
                    Feature.PSE,
                    Feature.TSC,
                    Feature.MSR,
                    Feature.PAE,
                    Feature.MCE,
                    Feature.CX8,
                    Feature.APIC,
                    Feature.SEP,
                    Feature.MTRR,
                    Feature.PGE,
                    Feature.MCA,
                    Feature.CMOV,
                    Feature.PAT,
                    Feature.CLFLUSH,
                    Feature.MMX,
                    Feature.FXSR,
                    Feature.SSE,
                    Feature.SSE2,
                    Feature.CX16,
                    Feature.LAHF_LM,
                    Feature.SYSCALL,
                    Feature.NX,
                    Feature.LM,
                    Feature.HYPERVISOR,
                    Feature.X2APIC);

    private static final Set<Feature> MAX_FEATURES =
            union(
                    BASELINE,
                    EnumSet.of(
                            Feature.SSE3,
                            Feature.PCLMULQDQ,
                            Feature.SSSE3,
                            Feature.SSE4_1,
                            Feature.SSE4_2,
                            Feature.PCID,
                            Feature.FMA,
                            Feature.XSAVE,
                            Feature.AVX,
                            Feature.F16C,
                            Feature.AVX2,
                            Feature.XSAVEOPT,
                            Feature.XSAVEC,
                            Feature.XGETBV1,
                            Feature.XSAVES,
                            Feature.VAES,
                            Feature.VPCLMULQDQ,
                            Feature.MOVBE,
                            Feature.POPCNT,
                            Feature.AES,
                            Feature.TSC_DEADLINE,
                            Feature.VME,
                            Feature.PSE36,
                            Feature.FSGSBASE,
                            Feature.TSC_ADJUST,
                            Feature.BMI1,
                            Feature.SMEP,
                            Feature.BMI2,
                            Feature.ERMS,
                            Feature.INVPCID,
                            Feature.ADX,
                            Feature.SMAP,
                            Feature.CLFLUSHOPT,
                            Feature.CLWB,
                            Feature.SHA,
                            Feature.UMIP,
                            Feature.GFNI,
                            Feature.PKU,
                            Feature.LA57,
                            Feature.PKS,
                            Feature.LAM,
                            Feature.RDPID,
                            Feature.SERIALIZE,
                            Feature.LZCNT,
                            Feature.PDPE1GB,
                            Feature.RDTSCP,
                            Feature.CET_SS,
                            Feature.CET_IBT,
                            Feature.RDRAND,
                            Feature.MONITOR,
                            Feature.MOVDIRI,
                            Feature.MOVDIR64B,
                            Feature.WBNOINVD,
                            Feature.RDSEED,
                            Feature.ARCH_PERFMON,
                            Feature.SPEC_CTRL,
                            Feature.STIBP,
                            Feature.SSBD,
                            Feature.ARCH_CAPABILITIES,
                            Feature.MD_CLEAR,
                            Feature.ARAT,
                            Feature.FSRM,
                            Feature.CLDEMOTE,
                            Feature.PREFETCHW,
                            Feature.TOPOEXT,
                            Feature.CMP_LEGACY,
                            Feature.INVARIANT_TSC));

    private final String name;
    private final Identity identity;
    private final boolean amd; // asked at each SYSCALL
    private final Set<Feature> features;
    private final CpuTopology topology;
    private final long tscHertz;

    private final int physicalBits;

    /**
     * How a processor introduces itself.
     *
     * @param vendor twelve characters
     * @param signature CPUID.01H:EAX
     * @param brand at most 47 characters
     * @param level highest basic leaf of CPUID
     * @param extendedLevel highest extended leaf
     */
    record Identity(String vendor, int signature, String brand, int level, int extendedLevel) {}

    CpuModel(
            String name,
            Identity identity,
            Set<Feature> features,
            CpuTopology topology,
            long tscHertz,
            int physicalBits) {
        this.name = name;
        this.identity = identity;
        amd = identity.vendor().equals(CpuModels.AMD);
        this.features = EnumSet.copyOf(features);
        this.topology = topology;
        this.tscHertz = tscHertz;
        this.physicalBits = physicalBits;
    }

    /** All that some model can have. */
    public static Set<Feature> implemented() {
        return EnumSet.copyOf(MAX_FEATURES);
    }

    /**
     * The model that a command line names.
     *
     * @param specification a name, then {@code ,+feature} and {@code ,-feature}
     * @throws IllegalArgumentException when a name or feature is unknown or cannot be had; the
     *     message is for the user
     */
    public static CpuModel of(String specification, CpuTopology topology, long tscHertz) {
        String[] parts = specification.split(",", -1);
        CpuModelBuilder builder =
                CpuModelBuilder.of(parts[0])
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "unknown CPU model '%s'".formatted(parts[0])))
                        .tscHertz(tscHertz);
        for (int i = 1; i < parts.length; i++) {
            change(builder, parts[i]);
        }
        for (String sentence : builder.unavailable()) {
            throw new IllegalArgumentException("CPU " + sentence);
        }
        return builder.build(topology);
    }

    /** The model {@value #MAX} with its usual frequency. */
    public static CpuModel max(CpuTopology topology) {
        return of(MAX, topology, DEFAULT_TSC_HERTZ);
    }

    private static void change(CpuModelBuilder builder, String part) {
        char sign = part.isEmpty() ? ' ' : part.charAt(0);
        if (sign != '+' && sign != '-') {
            throw new IllegalArgumentException(
                    "CPU feature '%s' needs a + or - before its name".formatted(part));
        }
        String text = part.substring(1);
        Feature feature =
                Feature.named(text)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "unknown CPU feature '%s'".formatted(text)));
        builder.feature(feature, sign == '+');
    }

    private static Set<Feature> union(Set<Feature> a, Set<Feature> b) {
        Set<Feature> all = EnumSet.copyOf(a);
        all.addAll(b);
        return all;
    }

    public String name() {
        return name;
    }

    Identity identity() {
        return identity;
    }

    /** AMD's vendor name: its leaves of CPUID, its MSRs, its ways of SYSCALL and SYSENTER. */
    public boolean isAmd() {
        return amd;
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    public CpuTopology topology() {
        return topology;
    }

    public long tscHertz() {
        return tscHertz;
    }

    /** Width of physical addresses, MAXPHYADDR. */
    public int physicalBits() {
        return physicalBits;
    }

    /** Width of linear addresses. */
    public int linearBits() {
        return has(Feature.LA57) ? 57 : 48;
    }

    /** CPUID.01H:EAX, which EDX holds after reset. */
    public int signature() {
        return identity.signature();
    }

    /** Bits of CR4 that may be set. */
    long cr4Mask() {
        return CR4_ALWAYS
                | when(Feature.TSC, CR4_TSD)
                | when(Feature.DE, CR4_DE)
                | when(Feature.VME, CR4_VME | CR4_PVI)
                | when(Feature.PSE, CR4_PSE)
                | when(Feature.PAE, CR4_PAE)
                | when(Feature.MCE, CR4_MCE)
                | when(Feature.PGE, CR4_PGE)
                | when(Feature.FXSR, CR4_OSFXSR)
                | when(Feature.SSE, CR4_OSXMMEXCPT)
                | when(Feature.UMIP, CR4_UMIP)
                | when(Feature.LA57, CR4_LA57)
                | when(Feature.FSGSBASE, CR4_FSGSBASE)
                | when(Feature.PCID, CR4_PCIDE)
                | when(Feature.XSAVE, CR4_OSXSAVE)
                | when(Feature.CET_SS, CR4_CET)
                | when(Feature.CET_IBT, CR4_CET)
                | when(Feature.SMEP, CR4_SMEP)
                | when(Feature.SMAP, CR4_SMAP)
                | when(Feature.PKU, CR4_PKE)
                | when(Feature.PKS, CR4_PKS)
                | when(Feature.LAM, CR4_LAM_SUP);
    }

    /** Bits of IA32_EFER that may be set. */
    long eferMask() {
        return when(Feature.SYSCALL, EFER_SCE)
                | when(Feature.LM, EFER_LME)
                | when(Feature.NX, EFER_NXE);
    }

    private long when(Feature feature, long bits) {
        return has(feature) ? bits : 0;
    }
}
