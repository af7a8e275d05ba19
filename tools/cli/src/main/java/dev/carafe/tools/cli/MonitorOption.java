package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.board.MonitorPort.Protocol;
import dev.carafe.tools.cli.Properties.Property;
import java.util.List;

/** {@code -monitor DEV}, {@code -qmp DEV} and {@code -mon chardev=ID}. */
final class MonitorOption {
    private MonitorOption() {}

    /** What {@code -mon} names: a chardev, and what is spoken there. */
    record Named(String chardev, Protocol protocol) {}

    static Named parseMon(String option, String value) {
        String chardev = null;
        Protocol protocol = Protocol.HUMAN;
        for (Property property : Properties.parse(value)) {
            switch (property.key()) {
                case "chardev" -> chardev = property.value();
                case "mode" -> protocol = mode(option, value, property.value());
                case "pretty" -> {} // one value a line, always
                default -> {
                    if (chardev != null || !property.isFlag()) {
                        throw UsageError.of(
                                option,
                                value,
                                "'" + property.key() + "' is none of chardev, mode, pretty");
                    }
                    chardev = property.key();
                }
            }
        }
        if (chardev == null || chardev.isEmpty()) {
            throw UsageError.of(option, value, "it needs chardev=ID");
        }
        return new Named(chardev, protocol);
    }

    private static Protocol mode(String option, String value, String mode) {
        if ("readline".equals(mode)) {
            return Protocol.HUMAN;
        }
        if ("control".equals(mode)) {
            return Protocol.QMP;
        }
        throw UsageError.of(option, value, "mode is readline or control");
    }

    /** Adds a monitor, unless nobody could reach it. */
    static void add(Protocol protocol, Draft.Wire wire, HostPort port, List<MonitorPort> monitors) {
        if (port instanceof HostPort.None || port instanceof HostPort.Disconnected) {
            return;
        }
        if (port instanceof HostPort.Stdio stdio) {
            if (!stdio.escapes() || protocol == Protocol.QMP) {
                monitors.add(new MonitorPort(protocol, new HostPort.Stdio(false)));
            }
            return; // with escapes: Ctrl-A c leads to it from whatever shares the terminal
        }
        if (!(port instanceof HostPort.Socket)) {
            throw UsageError.of(
                    wire.option(),
                    wire.value(),
                    "a monitor can be at stdio, tcp:, telnet:, unix:, null or none");
        }
        monitors.add(new MonitorPort(protocol, port));
    }

    /** How many of them have the terminal. */
    static int onStandardStreams(List<MonitorPort> monitors) {
        int count = 0;
        for (MonitorPort monitor : monitors) {
            count += monitor.port() instanceof HostPort.Stdio ? 1 : 0;
        }
        return count;
    }
}
