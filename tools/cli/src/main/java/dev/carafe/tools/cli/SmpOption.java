package dev.carafe.tools.cli;

import dev.carafe.tools.board.Topology;
import dev.carafe.tools.cli.Properties.Property;

/**
 * {@code -smp [cpus=]N[,maxcpus=][,sockets=][,cores=][,threads=]}. What is left out is filled in as
 * QEMU's 7.2 machines do: cores before packages, one thread in each core.
 */
final class SmpOption {
    static final Topology DEFAULT = new Topology(1, 1, 1, 1, 1);

    private final String option;
    private final String value;
    private int cpus; // 0 in these five: not given
    private int sockets;
    private int cores;
    private int threads;
    private int maxCpus;

    private SmpOption(String option, String value) {
        this.option = option;
        this.value = value;
    }

    static Topology parse(String option, String value) {
        SmpOption smp = new SmpOption(option, value);
        boolean first = true;
        for (Property property : Properties.parse(value)) {
            smp.take(property, first);
            first = false;
        }
        return smp.complete();
    }

    private void take(Property property, boolean first) {
        if (property.isFlag()) {
            if (!first) {
                throw error("'" + property.key() + "' needs a value");
            }
            cpus = positive(property.key());
            return;
        }
        switch (property.key()) {
            case "cpus" -> cpus = positive(property.value());
            case "sockets" -> sockets = positive(property.value());
            case "cores" -> cores = positive(property.value());
            case "threads" -> threads = positive(property.value());
            case "maxcpus" -> maxCpus = positive(property.value());
            case "dies", "clusters" -> expectOne(property);
            default ->
                    throw error(
                            "'"
                                    + property.key()
                                    + "' is none of cpus, sockets, cores, threads, maxcpus");
        }
    }

    private int positive(String text) {
        int number = Numbers.count(option, value, text);
        if (number == 0 || number > Topology.MAX_CPUS) {
            throw tooMany();
        }
        return number;
    }

    private void expectOne(Property property) {
        if (Numbers.count(option, value, property.value()) != 1) {
            throw error("a package has one of " + property.key());
        }
    }

    private Topology complete() {
        int wanted = maxCpus != 0 ? maxCpus : cpus;
        if (wanted == 0) {
            wanted = orOne(sockets) * orOne(cores) * orOne(threads);
        } else if (cores == 0) {
            cores = wanted / (orOne(sockets) * orOne(threads));
        } else if (sockets == 0) {
            sockets = wanted / (cores * orOne(threads));
        } else if (threads == 0) {
            threads = wanted / (sockets * cores);
        }
        sockets = orOne(sockets);
        cores = orOne(cores);
        threads = orOne(threads);
        int room = sockets * cores * threads;
        if (room != wanted) {
            throw error(
                    "sockets ("
                            + sockets
                            + ") * cores ("
                            + cores
                            + ") * threads ("
                            + threads
                            + ") are not "
                            + wanted
                            + " CPUs");
        }
        if (room > Topology.MAX_CPUS) {
            throw tooMany();
        }
        int present = cpus != 0 ? cpus : room;
        if (present > room) {
            throw error(present + " CPUs are more than maxcpus=" + room);
        }
        return new Topology(present, sockets, cores, threads, room);
    }

    private static int orOne(int number) {
        return number == 0 ? 1 : number;
    }

    private UsageError tooMany() {
        return error("a machine has 1 to " + Topology.MAX_CPUS + " CPUs");
    }

    private UsageError error(String reason) {
        return UsageError.of(option, value, reason);
    }
}
