package dev.carafe.tools.cli;

import dev.carafe.core.entropy.Entropy;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.board.SerialWire;
import dev.carafe.tools.console.ByteOutput;
import dev.carafe.tools.console.HostLine;
import dev.carafe.tools.console.InputLine;
import dev.carafe.tools.console.Receiver;
import dev.carafe.tools.console.StandardInput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Opens the host's ends of a configuration's byte streams, before a machine exists that could be
 * half wired.
 */
final class HostSide implements AutoCloseable {
    private static final IntConsumer NOWHERE = value -> {};

    private final Map<HostPort, HostLine> lines = new IdentityHashMap<>(); // opened once each
    private final UnaryOperator<IntConsumer> tap;
    private StandardInput standardInput; // null: nobody types
    private boolean keys;
    private HostWires wires;

    private HostSide(UnaryOperator<IntConsumer> tap) {
        this.tap = tap;
    }

    /**
     * Opens everything.
     *
     * @param escape the character that begins a command to Carafe, -1 for none
     * @param quit ends the run when the person at the terminal wants it
     * @param tap gets to see what a device sends before the host does
     * @throws UsageError when a file cannot be written, or an address cannot be had
     */
    static HostSide open(
            Configuration configuration,
            int escape,
            Runnable quit,
            UnaryOperator<IntConsumer> tap) {
        HostSide side = new HostSide(tap);
        List<Optional<SerialWire>> serials = new ArrayList<>();
        for (HostPort port : configuration.serials()) {
            serials.add(side.serial(port, escape, quit));
        }
        List<IntConsumer> consoles = new ArrayList<>();
        for (DebugConsole console : configuration.debugConsoles()) {
            consoles.add(side.output("-debugcon", console.host()));
        }
        side.wires = new HostWires(serials, consoles, entropy(configuration));
        return side;
    }

    private Optional<SerialWire> serial(HostPort port, int escape, Runnable quit) {
        if (port instanceof HostPort.None) {
            return Optional.empty();
        }
        IntConsumer output = output("-serial", port);
        InputLine input = lines.get(port);
        if (port instanceof HostPort.Stdio stdio && standardInput == null) {
            keys = stdio.escapes();
            standardInput =
                    new StandardInput(
                            new FileInputStream(FileDescriptor.in),
                            keys ? escape : StandardInput.NO_ESCAPE,
                            System.err::print,
                            quit);
            input = standardInput;
        }
        return Optional.of(new SerialWire(output, input == null ? InputLine.SILENT : input));
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
        return standardInput != null;
    }

    /** Ctrl-A c leads to a monitor. */
    void offerMonitor(Supplier<Receiver> begins) {
        standardInput.offerMonitor(begins);
    }

    /** Begins to read what is typed. */
    void start(Runnable before) {
        standardInput.start(before);
    }

    /** Whether the keyboard's signals (Ctrl-C and others) are the guest's. */
    boolean keys() {
        return keys;
    }

    @Override
    public void close() {
        for (HostLine line : lines.values()) {
            line.close();
        }
    }

    private IntConsumer output(String option, HostPort port) {
        return tap.apply(plainOutput(option, port));
    }

    private IntConsumer plainOutput(String option, HostPort port) {
        if (port instanceof HostPort.Stdio) {
            return ByteOutput.standard();
        }
        if (port instanceof HostPort.None || port instanceof HostPort.Disconnected) {
            return NOWHERE;
        }
        if (port instanceof HostPort.ToFile file) {
            try {
                return ByteOutput.file(file.file(), file.append());
            } catch (IOException e) {
                throw UsageError.of(option, "file:" + file.file(), HostError.reason(e));
            }
        }
        HostLine line = lines.get(port);
        if (line == null) {
            line = HostLines.open(option, port);
            lines.put(port, line);
        }
        return line;
    }
}
