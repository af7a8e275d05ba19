package dev.carafe.firmware;

/**
 * Sockets of cores of threads. {@code cpus} processors exist, filled thread first, then core, then
 * socket; it may be less than the product.
 */
public record CpuTopology(int cpus, int sockets, int coresPerSocket, int threadsPerCore) {
    public CpuTopology {
        if (cpus < 1 || sockets < 1 || coresPerSocket < 1 || threadsPerCore < 1) {
            throw new IllegalArgumentException(
                    "CPU topology has a count below one: "
                            + cpus
                            + " CPUs, "
                            + sockets
                            + " sockets, "
                            + coresPerSocket
                            + " cores, "
                            + threadsPerCore
                            + " threads");
        }
        if ((long) sockets * coresPerSocket * threadsPerCore < cpus) {
            throw new IllegalArgumentException(
                    cpus
                            + " CPUs do not fit into "
                            + sockets
                            + " sockets of "
                            + coresPerSocket
                            + " cores of "
                            + threadsPerCore
                            + " threads");
        }
    }

    /** One socket per processor, as without any topology option. */
    public static CpuTopology flat(int cpus) {
        return new CpuTopology(cpus, cpus, 1, 1);
    }

    public int thread(int cpu) {
        return cpu % threadsPerCore;
    }

    public int core(int cpu) {
        return cpu / threadsPerCore % coresPerSocket;
    }

    public int socket(int cpu) {
        return cpu / (threadsPerCore * coresPerSocket);
    }
}
