package dev.carafe.core.cpu;

import java.nio.charset.StandardCharsets;

/**
 * Answers of CPUID (SDM Vol. 2A, "CPUID"). An answer is {EAX, EBX, ECX, EDX}.
 *
 * <p>Not modelled: performance monitoring (leaf 0AH reads zero), XSAVE state (0DH reads zero),
 * AMD's topology leaves. The cache sizes of leaves 2 and 4 are only informative.
 */
public final class Cpuid {
    private static final int MAX_BASIC = 0x1F;
    private static final int MAX_HYPERVISOR = 0x4000_0010;
    private static final int MAX_EXTENDED = 0x8000_0008;
    private static final String HYPERVISOR_SIGNATURE = "CarafeCarafe";
    private static final int BRAND_LENGTH = 48;
    private static final int OSXSAVE = 1 << 27;
    private static final int OSPKE = 1 << 4;
    private static final int HTT = 1 << 28;
    private static final int APIC = 1 << 9;
    private static final int CLFLUSH_UNITS = 8; // of 8 bytes: lines of 64
    private static final int LEVEL_SMT = 1;
    private static final int LEVEL_CORE = 2;
    private static final int LINE = 64;
    private static final int HERTZ_PER_MEGAHERTZ = 1_000_000;

    private Cpuid() {}

    /** What the processor answers now: a few bits follow its state. */
    public static int[] answer(Cpu cpu, int leaf, int subleaf) {
        CpuModel model = cpu.model;
        int[] answer = leaf(model, cpu.index, leaf, subleaf);
        if (leaf == 1) {
            answer[3] &= cpu.apic.globallyEnabled() ? -1 : ~APIC;
            answer[2] |= cpu.control.cr4(ControlBits.CR4_OSXSAVE) ? OSXSAVE : 0;
        } else if (leaf == 7 && subleaf == 0) {
            answer[2] |= cpu.control.cr4(ControlBits.CR4_PKE) ? OSPKE : 0;
        }
        return answer;
    }

    /** The answer of a model's vCPU after reset. */
    static int[] leaf(CpuModel model, int index, int leaf, int subleaf) {
        return switch (inRange(leaf)) {
            case 0 -> vendor(model);
            case 1 -> version(model, index);
            case 2 -> new int[] {0x00FE_FF01, 0, 0, 0}; // caches: see leaf 4; TLBs: not described
            case 4 -> cache(model, subleaf);
            case 6 -> features(model, 6, subleaf);
            case 7 -> features7(model, subleaf);
            case 0xB, 0x1F -> topology(model, index, subleaf);
            case 0x15 -> timeStampCounter(model);
            case 0x16 -> frequencies(model);
            case 0x4000_0000 -> text(MAX_HYPERVISOR, HYPERVISOR_SIGNATURE);
            case 0x4000_0010 ->
                    new int[] {
                        (int) (model.tscHertz() / 1000), (int) (CpuModel.CRYSTAL_HERTZ / 1000), 0, 0
                    };
            case 0x8000_0000 -> new int[] {MAX_EXTENDED, 0, 0, 0};
            case 0x8000_0001 -> features(model, leaf, 0);
            case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(model, leaf - 0x8000_0002);
            case 0x8000_0006 ->
                    new int[] {0, 0, 0x0100_6040, 0}; // 256 KiB L2, 8 ways, lines of 64 bytes
            case 0x8000_0007 -> features(model, leaf, 0);
            case 0x8000_0008 -> addressSizes(model);
            default -> new int[4];
        };
    }

    /**
     * A leaf above the last of its range answers as the highest basic leaf does, with subleaf kept.
     */
    private static int inRange(int leaf) {
        boolean known =
                Integer.compareUnsigned(leaf, MAX_BASIC) <= 0
                        || leaf >= 0x4000_0000 && leaf <= MAX_HYPERVISOR
                        || leaf >= 0x8000_0000 && leaf <= MAX_EXTENDED;
        return known ? leaf : MAX_BASIC;
    }

    private static int[] vendor(CpuModel model) {
        String vendor = model.identity().vendor(); // EBX, EDX, ECX: the one leaf with that order
        return new int[] {MAX_BASIC, word(vendor, 0), word(vendor, 8), word(vendor, 4)};
    }

    private static int[] text(int eax, String twelve) {
        return new int[] {eax, word(twelve, 0), word(twelve, 4), word(twelve, 8)};
    }

    private static int word(String text, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int value = 0;
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            value |= bytes[at + i] << 8 * i;
        }
        return value;
    }

    private static int[] version(CpuModel model, int index) {
        CpuTopology topology = model.topology();
        int[] answer = features(model, 1, 0);
        int ids = Math.min(1 << topology.packageShift(), 255);
        answer[0] = model.signature();
        answer[1] = topology.apicId(index) << 24 | ids << 16 | CLFLUSH_UNITS << 8;
        answer[3] |= topology.perPackage() > 1 ? HTT : 0;
        return answer;
    }

    /** EAX of subleaf 0 is the last subleaf. */
    private static int[] features7(CpuModel model, int subleaf) {
        int[] answer = features(model, 7, subleaf);
        answer[0] |= subleaf == 0 ? 1 : 0;
        return answer;
    }

    private static int[] addressSizes(CpuModel model) {
        int[] answer = features(model, 0x8000_0008, 0);
        answer[0] = model.linearBits() << 8 | model.physicalBits();
        return answer;
    }

    private static int[] features(CpuModel model, int leaf, int subleaf) {
        int[] answer = new int[4];
        for (Feature feature : Feature.values()) {
            if (feature.leaf() == leaf && feature.subleaf() == subleaf && model.has(feature)) {
                answer[feature.register().ordinal()] |= 1 << feature.bit();
            }
        }
        return answer;
    }

    private static int[] cache(CpuModel model, int subleaf) {
        return switch (subleaf) {
            case 0 -> cache(model, 1, 1, 8, 64); // 32 KiB data
            case 1 -> cache(model, 2, 1, 8, 64); // 32 KiB instructions
            case 2 -> cache(model, 3, 2, 8, 512); // 256 KiB
            case 3 -> cache(model, 3, 3, 16, 4096); // 4 MiB
            default -> new int[4];
        };
    }

    private static int[] cache(CpuModel model, int type, int level, int ways, int sets) {
        CpuTopology topology = model.topology();
        int coreIds = 1 << topology.packageShift() - topology.threadBits();
        int sharing = 1 << (level == 3 ? topology.packageShift() : topology.threadBits());
        int eax =
                type
                        | level << 5
                        | 1 << 8
                        | Math.min(sharing - 1, 0xFFF) << 14
                        | Math.min(coreIds - 1, 0x3F) << 26;
        return new int[] {eax, LINE - 1 | ways - 1 << 22, sets - 1, 0};
    }

    private static int[] topology(CpuModel model, int index, int subleaf) {
        CpuTopology topology = model.topology();
        int id = topology.apicId(index);
        int level = subleaf & 0xFF;
        return switch (subleaf) {
            case 0 ->
                    new int[] {
                        topology.threadBits(), topology.threads(), LEVEL_SMT << 8 | level, id
                    };
            case 1 ->
                    new int[] {
                        topology.packageShift(), topology.perPackage(), LEVEL_CORE << 8 | level, id
                    };
            default -> new int[] {0, 0, level, id};
        };
    }

    /** TSC = crystal × EBX / EAX, reduced. */
    private static int[] timeStampCounter(CpuModel model) {
        long divisor = greatestCommonDivisor(model.tscHertz(), CpuModel.CRYSTAL_HERTZ);
        return new int[] {
            (int) (CpuModel.CRYSTAL_HERTZ / divisor),
            (int) (model.tscHertz() / divisor),
            (int) CpuModel.CRYSTAL_HERTZ,
            0
        };
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static int[] frequencies(CpuModel model) {
        int megahertz = (int) (model.tscHertz() / HERTZ_PER_MEGAHERTZ);
        return new int[] {
            megahertz, megahertz, (int) (CpuModel.CRYSTAL_HERTZ / HERTZ_PER_MEGAHERTZ), 0
        };
    }

    private static int[] brand(CpuModel model, int part) {
        String brand = model.identity().brand();
        assert brand.length() < BRAND_LENGTH;
        int at = part * 16;
        return new int[] {
            word(brand, at), word(brand, at + 4), word(brand, at + 8), word(brand, at + 12)
        };
    }
}
