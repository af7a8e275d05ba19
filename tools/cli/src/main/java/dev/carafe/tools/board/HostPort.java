package dev.carafe.tools.board;

import java.net.SocketAddress;
import java.nio.file.Path;

/** The host's end of a byte stream that a device sends and receives. */
public sealed interface HostPort {
    /** The device itself is absent. */
    record None() implements HostPort {}

    /** The device is there, its wire leads nowhere. */
    record Disconnected() implements HostPort {}

    /**
     * Standard input and output.
     *
     * @param escapes whether Ctrl-A begins a command to Carafe, and Ctrl-C reaches the guest
     */
    record Stdio(boolean escapes) implements HostPort {}

    /**
     * A file that gets what is sent.
     *
     * @param append whether it keeps what is in it already
     */
    record ToFile(Path file, boolean append) implements HostPort {
        /** A file that is made or emptied. */
        public ToFile(Path file) {
            this(file, false);
        }
    }

    /**
     * A socket.
     *
     * @param address where; unresolved for a host's name
     * @param server whether others dial, or we do
     * @param waits whether the machine starts only when somebody has dialled
     * @param telnet whether the peer speaks the Telnet protocol
     */
    record Socket(SocketAddress address, boolean server, boolean waits, boolean telnet)
            implements HostPort {}

    /** A new pseudo-terminal, whose name is printed. */
    record PseudoTerminal() implements HostPort {}

    /** A character device of the host. */
    record HostDevice(Path path) implements HostPort {}

    /** Named pipes of the host: path.in and path.out, or one for both directions. */
    record NamedPipe(Path path) implements HostPort {}
}
