package dev.carafe.core.cpu;

import java.nio.charset.StandardCharsets;

/**
 * Answers of CPUID (SDM Vol. 2A, "CPUID"). An answer is {EAX, EBX, ECX, EDX}.
 *
 * <p>The cache sizes are only informative. What AMD's vendor name changes follows AMD64
 * Architecture Programmer's Manual Vol. 3, "Obtaining Processor Information Via the CPUID
 * Instruction".
 */
public final class Cpuid {
    private static final int MAX_HYPERVISOR = 0x4000_0010;
    private static final int NOTHING = Integer.MAX_VALUE; // no leaf
    private static final String HYPERVISOR_SIGNATURE = "CarafeCarafe";
    private static final int BRAND_LENGTH = 48;
    private static final int OSXSAVE = 1 << 27;
    private static final int OSPKE = 1 << 4;
    private static final int MONITOR = 1 << 3;
    private static final int XSAVE = 0xD;
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
            answer[2] &= cpu.system.offersMonitor() ? -1 : ~MONITOR;
        } else if (leaf == 7 && subleaf == 0) {
            answer[2] |= cpu.control.cr4(ControlBits.CR4_PKE) ? OSPKE : 0;
        }
        if (leaf == XSAVE && model.has(Feature.XSAVE)) {
            xsaveSizes(cpu, subleaf, answer);
        }
        return answer;
    }

    /** The answer of a model's vCPU after reset. */
    static int[] leaf(CpuModel model, int index, int leaf, int subleaf) {
        int known = inRange(model, leaf);
        return switch (known) {
            case 0 -> vendor(model);
            case 1 -> version(model, index);
            case 2, 4 -> model.isAmd() ? new int[4] : intelCaches(model, known, subleaf);
            case 5 -> monitor(model);
            case 7 -> features7(model, subleaf);
            case 0xA -> PerformanceCounters.describe(model);
            case 0xB, 0x1F -> topology(model, index, subleaf);
            case XSAVE -> xsave(model, subleaf);
            case 0x15 -> timeStampCounter(model);
            case 0x16 -> frequencies(model);
            case 0x4000_0000 -> text(MAX_HYPERVISOR, HYPERVISOR_SIGNATURE);
            case 0x4000_0010 ->
                    new int[] {
                        (int) (model.tscHertz() / 1000), (int) (CpuModel.CRYSTAL_HERTZ / 1000), 0, 0
                    };
            case 0x8000_0000 -> AmdCpuid.extendedLevel(model);
            case 0x8000_0001 -> AmdCpuid.features(model, features(model, known, 0));
            case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(model, leaf - 0x8000_0002);
            case 0x8000_0005 -> model.isAmd() ? AmdCpuid.firstLevelCaches() : new int[4];
            case 0x8000_0006 -> AmdCpuid.secondLevelCaches(model);
            case 0x8000_0008 -> addressSizes(model);
            case 0x8000_001D -> model.isAmd() ? AmdCpuid.caches(model, subleaf) : new int[4];
            case 0x8000_001E -> model.isAmd() ? AmdCpuid.topology(model, index) : new int[4];
            case NOTHING -> new int[4];
            default -> features(model, known, subleaf);
        };
    }

    /**
     * A leaf above the last of its range answers as the highest basic leaf does, with subleaf kept;
     * with zeros on AMD's processors.
     */
    private static int inRange(CpuModel model, int leaf) {
        boolean hypervisor = model.has(Feature.HYPERVISOR);
        boolean known =
                leaf >= 0 && leaf <= model.identity().level()
                        || hypervisor && leaf >= 0x4000_0000 && leaf <= MAX_HYPERVISOR
                        || leaf < 0 && leaf <= model.identity().extendedLevel();
        if (known) {
            return leaf;
        }
        return model.isAmd() ? NOTHING : model.identity().level();
    }

    private static int[] intelCaches(CpuModel model, int leaf, int subleaf) {
        if (leaf == 2) {
            return new int[] {0x00FE_FF01, 0, 0, 0}; // caches: see leaf 4; TLBs: not described
        }
        return cache(model, subleaf);
    }

    /** Lines of 64 bytes are watched; interrupts can end MWAIT though masked; C0 and C1 only. */
    private static int[] monitor(CpuModel model) {
        return model.has(Feature.MONITOR) ? new int[] {LINE, LINE, 3, 0} : new int[4];
    }

    private static int[] vendor(CpuModel model) {
        String vendor = model.identity().vendor(); // EBX, EDX, ECX: the one leaf with that order
        return new int[] {
            model.identity().level(), word(vendor, 0), word(vendor, 8), word(vendor, 4)
        };
    }

    private static int[] text(int eax, String twelve) {
        return new int[] {eax, word(twelve, 0), word(twelve, 4), word(twelve, 8)};
    }

    static int word(String text, int at) {
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
        boolean several = topology.perPackage() > 1;
        int ids = several ? Math.min(1 << topology.packageShift(), 255) : 0;
        answer[0] = model.signature();
        answer[1] = topology.apicId(index) << 24 | ids << 16 | CLFLUSH_UNITS << 8;
        answer[3] |= several ? HTT : 0;
        return answer;
    }

    /** EAX of subleaf 0 is the last subleaf. */
    private static int[] features7(CpuModel model, int subleaf) {
        int[] answer = features(model, 7, subleaf);
        boolean more = subleaf == 0 && !isEmpty(features(model, 7, 1));
        answer[0] |= more ? 1 : 0;
        return answer;
    }

    private static boolean isEmpty(int[] answer) {
        return (answer[0] | answer[1] | answer[2] | answer[3]) == 0;
    }

    /** Subleaf 0 and 1 describe the whole, the others one state component each. */
    private static int[] xsave(CpuModel model, int subleaf) {
        if (!model.has(Feature.XSAVE)) {
            return new int[4];
        }
        long user = StateComponent.supported(model, false);
        long supervisor = StateComponent.supported(model, true);
        if (subleaf == 0) {
            int initial = StateComponent.FIXED_SIZE;
            return new int[] {(int) user, initial, StateComponent.standardSize(user), 0};
        }
        int[] answer = features(model, XSAVE, subleaf);
        if (subleaf == 1) {
            answer[1] = model.has(Feature.XSAVEC) ? StateComponent.FIXED_SIZE : 0;
            answer[2] = model.has(Feature.XSAVES) ? (int) supervisor : 0;
            return answer;
        }
        for (StateComponent component : StateComponent.all()) {
            boolean offered = ((user | supervisor) & component.bit()) != 0;
            if (component.number() == subleaf && offered && component.extended()) {
                answer[0] = component.size();
                answer[1] = component.supervisor() ? 0 : component.offset();
                answer[2] = component.supervisor() ? 1 : 0;
            }
        }
        return answer;
    }

    /** The sizes of an area with what is enabled now. */
    private static void xsaveSizes(Cpu cpu, int subleaf, int[] answer) {
        if (subleaf == 0) {
            answer[1] = StateComponent.standardSize(cpu.system.xcr0);
        } else if (subleaf == 1 && cpu.model.has(Feature.XSAVEC)) {
            answer[1] = StateComponent.compactedSize(cpu.system.xcr0 | cpu.system.xss);
        }
    }

    private static int[] addressSizes(CpuModel model) {
        int[] answer = features(model, 0x8000_0008, 0);
        answer[0] = model.linearBits() << 8 | model.physicalBits();
        answer[2] = model.isAmd() ? AmdCpuid.packageSize(model) : 0;
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

    static int[] cache(CpuModel model, int subleaf) {
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
