package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.Feature.Register.EAX;
import static dev.carafe.core.cpu.Feature.Register.EBX;
import static dev.carafe.core.cpu.Feature.Register.ECX;
import static dev.carafe.core.cpu.Feature.Register.EDX;

import java.util.Locale;
import java.util.Optional;

/**
 * CPUID feature bits: where each one stands (SDM Vol. 2A, "CPUID"). The order is that of leaf,
 * subleaf, register and bit.
 */
public enum Feature {
    SSE3(1, ECX, 0),
    PCLMULQDQ(1, ECX, 1),
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
    SHA(7, EBX, 29),
    UMIP(7, ECX, 2),
    PKU(7, ECX, 3),
    CET_SS(7, ECX, 7),
    GFNI(7, ECX, 8),
    VAES(7, ECX, 9),
    VPCLMULQDQ(7, ECX, 10),
    LA57(7, ECX, 16),
    RDPID(7, ECX, 22),
    MOVDIRI(7, ECX, 27),
    MOVDIR64B(7, ECX, 28),
    PKS(7, ECX, 31),
    FSRM(7, EDX, 4),
    SERIALIZE(7, EDX, 14),
    CET_IBT(7, EDX, 20),
    SPEC_CTRL(7, EDX, 26),
    ARCH_CAPABILITIES(7, EDX, 29),
    LAM(7, 1, EAX, 26),
    XSAVEOPT(0xD, 1, EAX, 0),
    XSAVEC(0xD, 1, EAX, 1),
    XGETBV1(0xD, 1, EAX, 2),
    XSAVES(0xD, 1, EAX, 3),
    LAHF_LM(0x8000_0001, ECX, 0),
    LZCNT(0x8000_0001, ECX, 5),
    PREFETCHW(0x8000_0001, ECX, 8),
    SYSCALL(0x8000_0001, EDX, 11),
    NX(0x8000_0001, EDX, 20),
    PDPE1GB(0x8000_0001, EDX, 26),
    RDTSCP(0x8000_0001, EDX, 27),
    LM(0x8000_0001, EDX, 29),
    INVARIANT_TSC(0x8000_0007, EDX, 8),
    WBNOINVD(0x8000_0008, EBX, 9);

    /** The register of the answer. */
    public enum Register {
        EAX,
        EBX,
        ECX,
        EDX
    }

    private final int leaf;
    private final int subleaf;
    private final Register register;
    private final int bit;

    Feature(int leaf, Register register, int bit) {
        this(leaf, 0, register, bit);
    }

    Feature(int leaf, int subleaf, Register register, int bit) {
        this.leaf = leaf;
        this.subleaf = subleaf;
        this.register = register;
        this.bit = bit;
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

    /** The name on the command line: {@code sse4.1}, {@code tsc-deadline}. */
    public String text() {
        String text = name().toLowerCase(Locale.ROOT);
        return text.startsWith("sse4_") ? text.replace('_', '.') : text.replace('_', '-');
    }

    /** The feature of that name, with {@code -}, {@code _} and {@code .} all the same. */
    public static Optional<Feature> named(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
        for (Feature feature : values()) {
            if (feature.name().equals(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }
}
