package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.console.DeviceLine;
import dev.carafe.tools.console.HostLine;
import dev.carafe.tools.console.PtyLine;
import dev.carafe.tools.console.SocketLine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Opens lines to the host that go both ways. Only runs that have one load this. */
final class HostLines {
    private HostLines() {}

    /**
     * @param option what the user typed it after
     * @throws UsageError when it cannot be opened, with the host's reason
     */
    static HostLine open(String option, HostPort port) {
        try {
            return switch (port) {
                case HostPort.Socket socket -> socket(option, socket);
                case HostPort.PseudoTerminal _ -> pseudoTerminal(option);
                case HostPort.HostDevice device -> DeviceLine.device(device.path());
                case HostPort.NamedPipe pipe -> DeviceLine.pipe(pipe.path());
                case HostPort.None _,
                        HostPort.Disconnected _,
                        HostPort.Stdio _,
                        HostPort.ToFile _ ->
                        throw new AssertionError(port + " has no line");
            };
        } catch (IOException e) {
            throw UsageError.of(option, spelled(port), HostError.reason(e));
        }
    }

    private static HostLine socket(String option, HostPort.Socket socket) throws IOException {
        SocketAddress address = resolved(option, socket);
        if (!socket.server()) {
            return SocketLine.dial(address, socket.telnet());
        }
        SocketLine line = SocketLine.listen(address, socket.telnet());
        if (socket.waits()) {
            Messages.info(option + " " + spelled(socket) + ": waiting for a connection");
            try {
                line.awaitPeer();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return line;
    }

    private static HostLine pseudoTerminal(String option) throws IOException {
        PtyLine line = PtyLine.open();
        Messages.info("char device redirected to " + line.name() + " (" + option + ")");
        return line;
    }

    /** A server's empty host stands for every address of this computer. */
    private static SocketAddress resolved(String option, HostPort.Socket socket) {
        if (!(socket.address() instanceof InetSocketAddress inet)) {
            return socket.address();
        }
        String host = inet.getHostString();
        if (host.isEmpty()) {
            return socket.server()
                    ? new InetSocketAddress(inet.getPort())
                    : new InetSocketAddress(
                            java.net.InetAddress.getLoopbackAddress(), inet.getPort());
        }
        InetSocketAddress resolved = new InetSocketAddress(host, inet.getPort());
        if (resolved.isUnresolved()) {
            throw UsageError.of(option, spelled(socket), "there is no host '" + host + "'");
        }
        return resolved;
    }

    private static String spelled(HostPort port) {
        return switch (port) {
            case HostPort.Socket(UnixDomainSocketAddress unix, _, _, _) -> "unix:" + unix.getPath();
            case HostPort.Socket(InetSocketAddress inet, _, _, boolean telnet) ->
                    (telnet ? "telnet:" : "tcp:") + inet.getHostString() + ":" + inet.getPort();
            case HostPort.HostDevice(var path) -> path.toString();
            case HostPort.NamedPipe(var path) -> "pipe:" + path;
            default -> "pty";
        };
    }
}
