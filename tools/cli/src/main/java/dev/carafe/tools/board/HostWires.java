package dev.carafe.tools.board;

import dev.carafe.core.entropy.Entropy;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The host's ends of a machine's byte streams: opened before the machine exists, and kept when it
 * is reset.
 *
 * @param serials for COM1 to COM4 what they are wired to; empty where there is no port
 * @param debugConsoles for each debug console what takes the bytes written
 * @param entropy where random numbers come from
 */
public record HostWires(
        List<Optional<SerialWire>> serials, List<IntConsumer> debugConsoles, Entropy entropy) {

    /** The same numbers in every run. */
    public HostWires(List<Optional<SerialWire>> serials, List<IntConsumer> debugConsoles) {
        this(serials, debugConsoles, Entropy.seeded(0));
    }

    public HostWires {
        serials = List.copyOf(serials);
        debugConsoles = List.copyOf(debugConsoles);
    }
}
