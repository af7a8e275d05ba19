package dev.carafe.tools.cli;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.console.Receiver;
import dev.carafe.tools.console.StandardInput;
import dev.carafe.tools.console.TerminalMode;
import dev.carafe.tools.gdb.MonitorCommands;
import dev.carafe.tools.monitor.HumanMonitor;
import dev.carafe.tools.monitor.Monitors;
import dev.carafe.tools.monitor.SwitchedMonitor;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The monitors of a run. */
final class MonitorSide implements AutoCloseable {
    /** Of a run that has none. */
    static final MonitorSide NONE = new MonitorSide(null);

    private final Monitors monitors; // null: none

    private MonitorSide(Monitors monitors) {
        this.monitors = monitors;
    }

    /**
     * Opens what was ordered.
     *
     * @throws UsageError when an address cannot be had
     */
    static MonitorSide open(
            List<MonitorPort> ordered, RunHost host, HostSide side, Observers observers) {
        Monitors monitors = new Monitors(host, new MonitorLog(observers), InstantSource.system());
        for (MonitorPort monitor : ordered) {
            if (monitor.port() instanceof HostPort.Stdio) {
                atTerminal(monitors, monitor.protocol(), host);
                continue;
            }
            try {
                monitors.open(monitor);
            } catch (IOException e) {
                throw UsageError.of(
                        monitor.protocol() == MonitorPort.Protocol.QMP ? "-qmp" : "-monitor",
                        spelled(monitor.port()),
                        HostError.reason(e));
            }
        }
        if (side.hasInput() && side.keys()) {
            side.offerMonitor(behindKeys(monitors));
        }
        return new MonitorSide(monitors);
    }

    /** The human monitor for a debugger's {@code monitor}; made by the first command. */
    static MonitorCommands commands(RunHost host, Observers observers) {
        HumanMonitor[] made = new HumanMonitor[1]; // guarded by itself
        return line -> {
            synchronized (made) {
                if (made[0] == null) {
                    made[0] = new HumanMonitor(host, new MonitorLog(observers));
                }
                return made[0].execute(line);
            }
        };
    }

    /** The monitor of mon:stdio is made when Ctrl-A c is typed for the first time. */
    private static Supplier<Receiver> behindKeys(Monitors monitors) {
        SwitchedMonitor[] made = new SwitchedMonitor[1];
        return () -> {
            if (made[0] == null) {
                made[0] = monitors.switched();
            }
            return made[0].begin();
        };
    }

    private static void atTerminal(Monitors monitors, MonitorPort.Protocol protocol, RunHost host) {
        StandardInput input =
                new StandardInput(
                        new FileInputStream(FileDescriptor.in),
                        false,
                        System.err::print,
                        host::quit);
        input.start(
                () -> {
                    Optional<TerminalMode> mode = BootCommand.prepareTerminal(false);
                    input.connect(monitors.atStandardStreams(protocol, mode.isPresent()));
                });
    }

    private static String spelled(HostPort port) {
        if (port instanceof HostPort.Socket socket) {
            if (socket.address() instanceof UnixDomainSocketAddress unix) {
                return "unix:" + unix.getPath();
            }
            InetSocketAddress inet = (InetSocketAddress) socket.address();
            String kind = socket.telnet() ? "telnet:" : "tcp:";
            return kind + inet.getHostString() + ":" + inet.getPort();
        }
        return port.toString();
    }

    @Override
    public void close() {
        if (monitors != null) {
            monitors.close();
        }
    }
}
