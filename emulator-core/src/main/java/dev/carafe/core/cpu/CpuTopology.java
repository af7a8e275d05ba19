package dev.carafe.core.cpu;

/**
 * How vCPUs form threads, cores and sockets, and the APIC ID that follows (SDM Vol. 3A,
 * "Hierarchical Mapping of Shared Resources"): each field is as wide as its count rounded up to a
 * power of two, so that IDs may have gaps. The one place that computes an APIC ID; local APICs,
 * MADT, Limine and CPUID all ask it.
 *
 * @param sockets packages, at least 1
 * @param cores cores of a package, at least 1
 * @param threads threads of a core, at least 1
 */
public record CpuTopology(int sockets, int cores, int threads) {
    public CpuTopology {
        if (sockets < 1 || cores < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "topology of %d sockets, %d cores, %d threads"
                            .formatted(sockets, cores, threads));
        }
    }

    /** {@code count} single-threaded cores in one socket. */
    public static CpuTopology ofCores(int count) {
        return new CpuTopology(1, count, 1);
    }

    /** Number of vCPUs. */
    public int count() {
        return sockets * cores * threads;
    }

    /** Bits of the APIC ID that number the thread in its core. */
    public int threadBits() {
        return bitsFor(threads);
    }

    /**
     * Bits of the APIC ID that number the logical processor in its package: where the package
     * number begins.
     */
    public int packageShift() {
        return threadBits() + bitsFor(cores);
    }

    /** Logical processors of a package that really exist. */
    public int perPackage() {
        return cores * threads;
    }

    /** The (x2)APIC ID of a vCPU, from its number; threads are counted fastest, sockets slowest. */
    public int apicId(int index) {
        int thread = index % threads;
        int core = index / threads % cores;
        int socket = index / perPackage();
        return socket << packageShift() | core << threadBits() | thread;
    }

    private static int bitsFor(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    }
}
