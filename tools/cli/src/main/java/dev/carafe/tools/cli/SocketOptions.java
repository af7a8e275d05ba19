package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.cli.Properties.Property;
import java.net.SocketAddress;

/** What may follow a socket's address. */
final class SocketOptions {
    private final HostPortOption owner;
    private boolean telnet;
    private boolean server;
    private boolean waits = true;

    SocketOptions(HostPortOption owner, boolean telnet) {
        this.owner = owner;
        this.telnet = telnet;
    }

    /** Whether the property belongs to a socket and was taken. */
    boolean accepts(Property property) {
        switch (property.key()) {
            case "server" -> server = owner.isOn(property);
            case "wait" -> waits = owner.isOn(property);
            case "nowait" -> waits = false;
            case "telnet" -> telnet = owner.isOn(property);
            case "nodelay", "delay", "ipv4", "ipv6" -> {} // every line is sent at once, by either
            default -> {
                return false;
            }
        }
        return true;
    }

    void take(Property property) {
        if (!accepts(property)) {
            throw owner.wrong(
                    "'" + property.key() + "' is none of server, wait, nowait, telnet, nodelay");
        }
    }

    HostPort port(SocketAddress address) {
        return new HostPort.Socket(address, server, server && waits, telnet);
    }
}
