package dev.carafe.core.cpu;

/**
 * The leaves of CPUID that AMD's processors answer in their own way (AMD64 Architecture
 * Programmer's Manual Vol. 3, "Extended Functions").
 */
final class AmdCpuid {
    /** Bits of leaf 1:EDX that AMD repeats in 80000001H:EDX. */
    private static final int REPEATED = 0x0183_F3FF;

    private static final int LEVELS = 4; // of cache, as Cpuid.cache counts them

    private AmdCpuid() {}

    /** EBX, EDX and ECX repeat the vendor's name, which Intel does not do. */
    static int[] extendedLevel(CpuModel model) {
        int[] answer = {model.identity().extendedLevel(), 0, 0, 0};
        if (model.isAmd()) {
            String vendor = model.identity().vendor();
            answer[1] = Cpuid.word(vendor, 0);
            answer[3] = Cpuid.word(vendor, 4);
            answer[2] = Cpuid.word(vendor, 8);
        }
        return answer;
    }

    static int[] features(CpuModel model, int[] own) {
        if (model.isAmd()) {
            own[0] = model.signature();
            own[3] |= Cpuid.leaf(model, 0, 1, 0)[3] & REPEATED;
            own[2] |= model.topology().perPackage() > 1 ? 1 << Feature.CMP_LEGACY.bit() : 0;
        }
        return own;
    }

    /** 32 KiB each for data and instructions, 8 ways, lines of 64 bytes. */
    static int[] firstLevelCaches() {
        return new int[] {0, 0, 0x2008_0140, 0x2008_0140};
    }

    /** 256 KiB, 8 ways; AMD tells the third level, too: 4 MiB, 16 ways. */
    static int[] secondLevelCaches(CpuModel model) {
        return model.isAmd()
                ? new int[] {0, 0, 0x0100_6140, 0x0020_8140}
                : new int[] {0, 0, 0x0100_6040, 0};
    }

    /** ECX of 80000008H: threads of a package less one, and the bits of the APIC ID for them. */
    static int packageSize(CpuModel model) {
        CpuTopology topology = model.topology();
        return topology.perPackage() - 1 | topology.packageShift() << 12;
    }

    /** As Intel's leaf 4, without the number of cores. */
    static int[] caches(CpuModel model, int subleaf) {
        if (!model.has(Feature.TOPOEXT) || subleaf < 0 || subleaf >= LEVELS) {
            return new int[4];
        }
        int[] answer = Cpuid.cache(model, subleaf);
        answer[0] &= 0x03FF_FFFF;
        return answer;
    }

    static int[] topology(CpuModel model, int index) {
        if (!model.has(Feature.TOPOEXT)) {
            return new int[4];
        }
        CpuTopology topology = model.topology();
        int id = topology.apicId(index);
        int core = (id & (1 << topology.packageShift()) - 1) >> topology.threadBits();
        return new int[] {id, topology.threads() - 1 << 8 | core, id >> topology.packageShift(), 0};
    }
}
