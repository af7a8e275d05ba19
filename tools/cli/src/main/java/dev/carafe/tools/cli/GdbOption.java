package dev.carafe.tools.cli;

import dev.carafe.tools.board.DebuggerPort;

/** Where {@code -gdb} listens, in QEMU's grammar. */
final class GdbOption {
    static final DebuggerPort DEFAULT = new DebuggerPort.Tcp("", 1234);

    private static final String TCP = "tcp:";
    private static final String UNIX = "unix:";
    private static final int LAST_PORT = 65535;

    private GdbOption() {}

    /** The port, or null for none. */
    static DebuggerPort parse(String option, String value) {
        String[] parts = value.split(",", -1);
        for (int i = 1; i < parts.length; i++) {
            checkProperty(option, value, parts[i]);
        }
        String device = parts[0];
        if (device.equals("none")) {
            return null;
        }
        if (device.equals("stdio")) {
            return new DebuggerPort.Stdio();
        }
        if (device.startsWith(UNIX) && device.length() > UNIX.length()) {
            return new DebuggerPort.Unix(
                    HostPortOption.path(option, value, device.substring(UNIX.length())));
        }
        if (device.startsWith(TCP)) {
            return tcp(option, value, device.substring(TCP.length()));
        }
        throw UsageError.of(
                option, value, "it is tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio or none");
    }

    private static DebuggerPort tcp(String option, String value, String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw UsageError.of(option, value, "the port is missing, use tcp::PORT");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        String port = address.substring(colon + 1);
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= LAST_PORT) {
                return new DebuggerPort.Tcp(host, number);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw UsageError.of(
                option, value, "'" + port + "' is no port number from 0 to " + LAST_PORT);
    }

    /** What QEMU's character devices may be told beside; the server listens and never waits. */
    private static void checkProperty(String option, String value, String property) {
        switch (property) {
            case "server",
                    "server=on",
                    "nowait",
                    "wait=off",
                    "wait=no",
                    "nodelay",
                    "nodelay=on",
                    "ipv4",
                    "ipv4=on",
                    "ipv6",
                    "ipv6=on" -> {}
            default -> throw UsageError.of(option, value, "'" + property + "' is unknown here");
        }
    }
}
