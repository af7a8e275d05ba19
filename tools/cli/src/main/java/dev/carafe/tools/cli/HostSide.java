package dev.carafe.tools.cli;

import dev.carafe.core.entropy.Entropy;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.console.ByteOutput;
import dev.carafe.tools.console.StandardInput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Opens the host's ends of a configuration's byte streams, before a machine exists that could be
 * half wired.
 */
final class HostSide {
    private static final IntConsumer NOWHERE = value -> {};

    private final HostWires wires;
    private final boolean keys;

    private HostSide(HostWires wires, boolean keys) {
        this.wires = wires;
        this.keys = keys;
    }

    /**
     * Opens everything.
     *
     * @param quit ends the run when the person at the terminal wants it
     * @throws UsageError when a file cannot be written
     */
    static HostSide open(Configuration configuration, Runnable quit) {
        List<Optional<IntConsumer>> serials = new ArrayList<>();
        int inputPort = HostWires.NO_PORT;
        boolean keys = false;
        for (HostPort port : configuration.serials()) {
            if (port instanceof HostPort.Stdio stdio) {
                inputPort = serials.size();
                keys = stdio.escapes();
            }
            serials.add(
                    port instanceof HostPort.None
                            ? Optional.empty()
                            : Optional.of(output("-serial", port)));
        }
        List<IntConsumer> consoles = new ArrayList<>();
        for (DebugConsole console : configuration.debugConsoles()) {
            consoles.add(output("-debugcon", console.host()));
        }
        StandardInput input =
                new StandardInput(
                        new FileInputStream(FileDescriptor.in), keys, System.err::print, quit);
        return new HostSide(
                new HostWires(serials, consoles, input, inputPort, entropy(configuration)), keys);
    }

    /** The host's own source is opened by the first who asks: few guests do. */
    private static Entropy entropy(Configuration configuration) {
        return configuration.seed().map(Entropy::seeded).orElse(() -> Host.RANDOM.nextLong());
    }

    private static final class Host {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    HostWires wires() {
        return wires;
    }

    /** Whether somebody may type to the guest. */
    boolean hasInput() {
        return wires.inputPort() != HostWires.NO_PORT;
    }

    /** Whether the keyboard's signals (Ctrl-C and others) are the guest's. */
    boolean keys() {
        return keys;
    }

    private static IntConsumer output(String option, HostPort port) {
        if (port instanceof HostPort.Stdio) {
            return ByteOutput.standard();
        }
        if (port instanceof HostPort.ToFile file) {
            try {
                return ByteOutput.file(file.file());
            } catch (IOException e) {
                throw UsageError.of(option, "file:" + file.file(), HostError.reason(e));
            }
        }
        return NOWHERE;
    }
}
