package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.cli.Properties.Property;

/** The properties of a {@code -chardev}, and what they make of its backend. */
final class ChardevOptions {
    private final HostPortOption owner;
    private final String backend;
    private final SocketOptions socket;
    private String id = "";
    private String path = "";
    private String host = "";
    private String port = "";
    private boolean mux;
    private boolean escapes;
    private boolean append;

    ChardevOptions(HostPortOption owner, String backend) {
        this.owner = owner;
        this.backend = backend;
        this.socket = new SocketOptions(owner, false);
    }

    void take(Property property) {
        String value = property.isFlag() ? "" : property.value();
        switch (property.key()) {
            case "id" -> id = value;
            case "path" -> path = value;
            case "host" -> host = forSocket(property);
            case "port" -> port = forSocket(property);
            case "append" -> append = owner.isOn(property);
            case "mux" -> mux = owner.isOn(property);
            case "signal" -> escapes |= !owner.isOn(property);
            default -> {
                if (!backend.equals("socket") || !socket.accepts(property)) {
                    throw unknown(property);
                }
            }
        }
    }

    private String forSocket(Property property) {
        if (!backend.equals("socket") || property.isFlag()) {
            throw unknown(property);
        }
        return property.value();
    }

    private UsageError unknown(Property property) {
        return owner.wrong("'" + property.key() + "' is not a property of " + backend + " here");
    }

    HostPortOption.Named named() {
        if (id.isEmpty()) {
            throw owner.wrong("it needs id=NAME");
        }
        return new HostPortOption.Named(id, port(), mux);
    }

    private HostPort port() {
        return switch (backend) {
            case "stdio" -> new HostPort.Stdio(escapes || mux);
            case "null", "vc" -> new HostPort.Disconnected();
            case "pty" -> new HostPort.PseudoTerminal();
            case "socket" ->
                    socket.port(
                            path.isEmpty()
                                    ? owner.tcpAddress(host, port)
                                    : owner.unixAddress(path));
            case "pipe" -> new HostPort.NamedPipe(owner.pathOf(required()));
            case "serial" -> new HostPort.HostDevice(owner.pathOf(required()));
            default -> new HostPort.ToFile(owner.pathOf(required()), append);
        };
    }

    private String required() {
        if (path.isEmpty()) {
            throw owner.wrong("it needs path=FILE");
        }
        return path;
    }
}
