package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.Feature.Register.EAX;
import static dev.carafe.core.cpu.Feature.Register.EBX;
import static dev.carafe.core.cpu.Feature.Register.ECX;
import static dev.carafe.core.cpu.Feature.Register.EDX;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * CPUID feature bits: where each one stands (SDM Vol. 2A, "CPUID"), and what the command line calls
 * it where that is not its own name. The order is that of leaf, subleaf, register and bit.
 */
public enum Feature {
    SSE3(1, ECX, 0, "sse3", "pni"),
    PCLMULQDQ(1, ECX, 1, "pclmulqdq", "pclmuldq"),
    MONITOR(1, ECX, 3),
    SSSE3(1, ECX, 9),
    FMA(1, ECX, 12),
    CX16(1, ECX, 13),
    PDCM(1, ECX, 15),
    PCID(1, ECX, 17),
    SSE4_1(1, ECX, 19),
    SSE4_2(1, ECX, 20),
    X2APIC(1, ECX, 21),
    MOVBE(1, ECX, 22),
    POPCNT(1, ECX, 23),
    TSC_DEADLINE(1, ECX, 24),
    AES(1, ECX, 25),
    XSAVE(1, ECX, 26),
    AVX(1, ECX, 28),
    F16C(1, ECX, 29),
    RDRAND(1, ECX, 30),
    HYPERVISOR(1, ECX, 31),
    FPU(1, EDX, 0),
    VME(1, EDX, 1),
    DE(1, EDX, 2),
    PSE(1, EDX, 3),
    TSC(1, EDX, 4),
    MSR(1, EDX, 5),
    PAE(1, EDX, 6),
    MCE(1, EDX, 7),
    CX8(1, EDX, 8),
    APIC(1, EDX, 9),
    SEP(1, EDX, 11),
    MTRR(1, EDX, 12),
    PGE(1, EDX, 13),
    MCA(1, EDX, 14),
    CMOV(1, EDX, 15),
    PAT(1, EDX, 16),
    PSE36(1, EDX, 17),
    CLFLUSH(1, EDX, 19),
    MMX(1, EDX, 23),
    FXSR(1, EDX, 24),
    SSE(1, EDX, 25),
    SSE2(1, EDX, 26),
    ARAT(6, EAX, 2),
    FSGSBASE(7, EBX, 0),
    TSC_ADJUST(7, EBX, 1),
    BMI1(7, EBX, 3),
    AVX2(7, EBX, 5),
    FDP_EXCPTN_ONLY(7, EBX, 6),
    SMEP(7, EBX, 7),
    BMI2(7, EBX, 8),
    ERMS(7, EBX, 9),
    INVPCID(7, EBX, 10),
    ZERO_FCS_FDS(7, EBX, 13),
    RDSEED(7, EBX, 18),
    ADX(7, EBX, 19),
    SMAP(7, EBX, 20),
    CLFLUSHOPT(7, EBX, 23),
    CLWB(7, EBX, 24),
    SHA(7, EBX, 29, "sha-ni", "sha"),
    UMIP(7, ECX, 2),
    PKU(7, ECX, 3),
    CET_SS(7, ECX, 7, "shstk", "cet-ss"),
    GFNI(7, ECX, 8),
    VAES(7, ECX, 9),
    VPCLMULQDQ(7, ECX, 10),
    LA57(7, ECX, 16),
    RDPID(7, ECX, 22),
    CLDEMOTE(7, ECX, 25),
    MOVDIRI(7, ECX, 27),
    MOVDIR64B(7, ECX, 28),
    PKS(7, ECX, 31),
    FSRM(7, EDX, 4),
    MD_CLEAR(7, EDX, 10),
    SERIALIZE(7, EDX, 14),
    CET_IBT(7, EDX, 20, "ibt", "cet-ibt"),
    SPEC_CTRL(7, EDX, 26),
    STIBP(7, EDX, 27),
    ARCH_CAPABILITIES(7, EDX, 29),
    SSBD(7, EDX, 31),
    LAM(7, 1, EAX, 26),
    ARCH_PERFMON(0xA, EAX, 1, "pmu", "arch-perfmon"),
    XSAVEOPT(0xD, 1, EAX, 0),
    XSAVEC(0xD, 1, EAX, 1),
    XGETBV1(0xD, 1, EAX, 2),
    XSAVES(0xD, 1, EAX, 3),
    LAHF_LM(0x8000_0001, ECX, 0),
    CMP_LEGACY(0x8000_0001, ECX, 1),
    LZCNT(0x8000_0001, ECX, 5, "abm", "lzcnt"),
    PREFETCHW(0x8000_0001, ECX, 8, "3dnowprefetch", "prefetchw"),
    TOPOEXT(0x8000_0001, ECX, 22),
    SYSCALL(0x8000_0001, EDX, 11),
    NX(0x8000_0001, EDX, 20, "nx", "xd"),
    PDPE1GB(0x8000_0001, EDX, 26),
    RDTSCP(0x8000_0001, EDX, 27),
    LM(0x8000_0001, EDX, 29, "lm", "i64"),
    INVARIANT_TSC(0x8000_0007, EDX, 8, "invtsc", "invariant-tsc"),
    WBNOINVD(0x8000_0008, EBX, 9);

    /** The register of the answer. */
    public enum Register {
        EAX,
        EBX,
        ECX,
        EDX
    }

    private static final Map<String, Feature> BY_NAME = byName();

    private final int leaf;
    private final int subleaf;
    private final Register register;
    private final int bit;
    private final List<String> names;

    Feature(int leaf, Register register, int bit, String... names) {
        this(leaf, 0, register, bit, names);
    }

    Feature(int leaf, int subleaf, Register register, int bit, String... names) {
        this.leaf = leaf;
        this.subleaf = subleaf;
        this.register = register;
        this.bit = bit;
        this.names =
                names.length > 0
                        ? List.of(names)
                        : List.of(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    public int leaf() {
        return leaf;
    }

    public int subleaf() {
        return subleaf;
    }

    public Register register() {
        return register;
    }

    public int bit() {
        return bit;
    }

    /** The name on the command line, QEMU's where it has one: {@code sse4.1}, {@code abm}. */
    public String text() {
        String text = names.getFirst();
        return text.startsWith("sse4-") ? text.replace('-', '.') : text;
    }

    /** The feature of that name, with {@code -}, {@code _} and {@code .} all the same. */
    public static Optional<Feature> named(String text) {
        return Optional.ofNullable(
                BY_NAME.get(text.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-')));
    }

    private static Map<String, Feature> byName() {
        Map<String, Feature> features = new HashMap<>();
        for (Feature feature : values()) {
            for (String name : feature.names) {
                features.put(name, feature);
            }
        }
        return Map.copyOf(features);
    }
}
