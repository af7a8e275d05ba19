package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.MonitorPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The lines of a run to the host by QEMU's names, as {@code info chardev} lists them. */
final class LineNames {
    private LineNames() {}

    static List<String> of(List<HostPort> serials, List<MonitorPort> monitors) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < monitors.size(); i++) {
            lines.add("compat_monitor" + i + ": filename=" + name(monitors.get(i).port()));
        }
        for (int i = 0; i < serials.size(); i++) {
            if (!(serials.get(i) instanceof HostPort.None)) {
                lines.add("serial" + i + ": filename=" + name(serials.get(i)));
            }
            if (serials.get(i) instanceof HostPort.Stdio stdio && stdio.escapes()) {
                lines.add("serial" + i + "-base: filename=stdio");
            }
        }
        return lines;
    }

    private static String name(HostPort port) {
        return switch (port) {
            case HostPort.None _, HostPort.Disconnected _ -> "null";
            case HostPort.Stdio stdio -> stdio.escapes() ? "mux" : "stdio";
            case HostPort.ToFile file -> "file";
            case HostPort.Socket socket -> socket(socket);
            case HostPort.PseudoTerminal _ -> "pty";
            case HostPort.HostDevice device -> device.path().toString();
            case HostPort.NamedPipe pipe -> "pipe";
        };
    }

    private static String socket(HostPort.Socket socket) {
        SocketAddress address = socket.address();
        String protocol = socket.telnet() ? "telnet:" : "tcp:";
        String where =
                switch (address) {
                    case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
                    case InetSocketAddress inet ->
                            protocol + inet.getHostString() + ":" + inet.getPort();
                    default -> address.toString();
                };
        return socket.server() ? where + ",server=on" : where;
    }
}
