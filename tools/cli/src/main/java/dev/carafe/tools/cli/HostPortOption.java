package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.cli.Properties.Property;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The host's end of a byte stream, as {@code -serial}, {@code -debugcon}, {@code -chardev} and
 * others name it.
 */
final class HostPortOption {
    static final String CHARDEV = "chardev:";

    /** What {@code -chardev help} lists. */
    static final List<String> BACKENDS = List.of("file", "null", "pipe", "pty", "socket", "stdio");

    private static final String FORMS =
            "stdio, mon:stdio, file:FILE, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, pipe:PATH,"
                    + " pty, /dev/..., chardev:ID, null or none";

    private final String option;
    private final String value;

    private HostPortOption(String option, String value) {
        this.option = option;
        this.value = value;
    }

    static HostPort parse(String option, String value) {
        return new HostPortOption(option, value).parse();
    }

    private HostPort parse() {
        switch (value) {
            case "none" -> {
                return new HostPort.None();
            }
            case "null", "vc", "/dev/null", "mon:null", "mon:vc" -> {
                return new HostPort.Disconnected();
            }
            case "stdio" -> {
                return new HostPort.Stdio(false);
            }
            case "mon:stdio" -> {
                return new HostPort.Stdio(true);
            }
            case "pty" -> {
                return new HostPort.PseudoTerminal();
            }
            default -> {
                return value.startsWith("/dev/")
                        ? new HostPort.HostDevice(path(option, value, value))
                        : withAddress();
            }
        }
    }

    private HostPort withAddress() {
        int colon = value.indexOf(':');
        String kind = colon < 0 ? value : value.substring(0, colon);
        String rest = colon < 0 ? "" : value.substring(colon + 1);
        return switch (kind) {
            case "vc" -> new HostPort.Disconnected();
            case "file" -> new HostPort.ToFile(path(option, value, named(rest)));
            case "pipe" -> new HostPort.NamedPipe(path(option, value, named(rest)));
            case "tcp" -> socket(rest, false, false);
            case "telnet" -> socket(rest, false, true);
            case "unix" -> socket(rest, true, false);
            case "mon" -> throw wrong("the monitor can share standard input only, with mon:stdio");
            case "udp", "msmouse", "braille", "con", "ringbuf" ->
                    throw wrong("Carafe has no '" + kind + "' lines, use " + FORMS);
            default -> throw wrong("'" + kind + "' is not known, use " + FORMS);
        };
    }

    private String named(String path) {
        if (path.isEmpty()) {
            throw wrong("the file name is empty");
        }
        return path;
    }

    /** {@code ADDRESS[,server][,nowait][,...]}. */
    private HostPort socket(String text, boolean local, boolean telnet) {
        List<Property> parts = Properties.parse(text);
        SocketOptions options = new SocketOptions(this, telnet);
        for (Property property : parts.subList(1, parts.size())) {
            options.take(property);
        }
        Property first = parts.getFirst();
        String address = first.isFlag() ? first.key() : first.key() + "=" + first.value();
        return options.port(local ? unixAddress(address) : tcpAddress(address));
    }

    SocketAddress tcpAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw wrong("'" + text + "' is not HOST:PORT");
        }
        return tcpAddress(text.substring(0, colon), text.substring(colon + 1));
    }

    SocketAddress tcpAddress(String host, String port) {
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(Character::isDigit)) {
            throw wrong("'" + port + "' is not a port number");
        }
        int number = Integer.parseInt(port);
        if (number > 0xFFFF) {
            throw wrong("'" + port + "' is not a port number");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return java.net.InetSocketAddress.createUnresolved(
                bracketed ? host.substring(1, host.length() - 1) : host, number);
    }

    SocketAddress unixAddress(String text) {
        return UnixDomainSocketAddress.of(path(option, value, named(text)));
    }

    UsageError wrong(String reason) {
        return UsageError.of(option, value, reason);
    }

    /** A chardev's name, what it stands for, and whether several devices may use it at once. */
    record Named(String id, HostPort port, boolean shared) {}

    static Named parseChardev(String option, String value) {
        return new HostPortOption(option, value).chardev();
    }

    private Named chardev() {
        List<Property> properties = Properties.parse(value);
        String backend = properties.getFirst().key();
        if (!BACKENDS.contains(backend) && !backend.equals("vc") && !backend.equals("serial")) {
            throw wrong(
                    "'" + backend + "' is not a valid char driver name, -chardev help lists them");
        }
        ChardevOptions options = new ChardevOptions(this, backend);
        for (Property property : properties.subList(1, properties.size())) {
            options.take(property);
        }
        return options.named();
    }

    /** A switch that may stand without its value. */
    boolean isOn(Property property) {
        if (property.isFlag()) {
            return true;
        }
        return switch (property.value()) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw wrong("'" + property.key() + "' is on or off");
        };
    }

    Path pathOf(String text) {
        return path(option, value, text);
    }

    static Path path(String option, String value, String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw UsageError.of(option, value, "not a file name: " + e.getReason());
        }
    }
}
