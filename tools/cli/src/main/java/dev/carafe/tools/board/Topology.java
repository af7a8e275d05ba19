package dev.carafe.tools.board;

/**
 * How many processors, and how they share packages and cores.
 *
 * @param cpus processors present at power-on
 * @param sockets packages
 * @param cores cores in each package
 * @param threads hardware threads of each core
 * @param maxCpus processors the machine has room for; the product of the three before
 */
public record Topology(int cpus, int sockets, int cores, int threads, int maxCpus) {
    /** More would need APIC IDs that the xAPIC cannot express. */
    public static final int MAX_CPUS = 255;
}
