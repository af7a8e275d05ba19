package dev.carafe.tools.board;

import dev.carafe.core.entropy.Entropy;
import dev.carafe.tools.console.StandardInput;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The host's ends of a machine's byte streams: opened before the machine exists, and kept when it
 * is reset.
 *
 * @param serials for COM1 to COM4 what takes the bytes sent; empty where there is no port
 * @param debugConsoles for each debug console what takes the bytes written
 * @param input what is typed
 * @param inputPort number of the serial port that gets it, or {@link #NO_PORT}
 * @param entropy where random numbers come from
 */
public record HostWires(
        List<Optional<IntConsumer>> serials,
        List<IntConsumer> debugConsoles,
        StandardInput input,
        int inputPort,
        Entropy entropy) {
    /** Nobody reads what is typed. */
    public static final int NO_PORT = -1;

    /** The same numbers in every run. */
    public HostWires(
            List<Optional<IntConsumer>> serials,
            List<IntConsumer> debugConsoles,
            StandardInput input,
            int inputPort) {
        this(serials, debugConsoles, input, inputPort, Entropy.seeded(0));
    }

    public HostWires {
        serials = List.copyOf(serials);
        debugConsoles = List.copyOf(debugConsoles);
    }
}
