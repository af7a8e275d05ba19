package dev.carafe.firmware;

/**
 * The one rule that numbers processors (SDM Vol. 3A, "Hierarchical Mapping of Shared Resources"):
 * thread, core and socket stand side by side in the APIC ID, each as wide as its count rounded up
 * to a power of two. Three cores leave a gap. CPUID, local APIC, MADT and the Limine processor list
 * all ask here.
 */
public final class ApicIds {
    private ApicIds() {}

    /** Bits of the thread number: CPUID leaf 0BH, sub-leaf 0, EAX. */
    public static int threadWidth(CpuTopology topology) {
        return width(topology.threadsPerCore());
    }

    /** Bits of the core number. */
    public static int coreWidth(CpuTopology topology) {
        return width(topology.coresPerSocket());
    }

    /** Bits below the socket number: CPUID leaf 0BH, sub-leaf 1, EAX. */
    public static int packageShift(CpuTopology topology) {
        return threadWidth(topology) + coreWidth(topology);
    }

    public static int apicId(CpuTopology topology, int cpu) {
        return topology.thread(cpu)
                | topology.core(cpu) << threadWidth(topology)
                | topology.socket(cpu) << packageShift(topology);
    }

    private static int width(int count) {
        return 32 - Integer.numberOfLeadingZeros(count - 1);
    }
}
