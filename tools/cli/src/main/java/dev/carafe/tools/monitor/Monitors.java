package dev.carafe.tools.monitor;

import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.console.Receiver;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All monitors of a run, opened before its machine. Loaded by runs that have one. */
public final class Monitors implements AutoCloseable {
    private static final long DRAIN_MILLISECONDS = 1000;

    private final MachineHost host;
    private final LogControl log;
    private final InstantSource clock;
    private final List<ClientOutput> outputs = new ArrayList<>();
    private final List<MonitorServer> servers = new ArrayList<>();

    /**
     * @param clock what events are stamped by
     */
    public Monitors(MachineHost host, LogControl log, InstantSource clock) {
        this.host = host;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Opens a monitor at a socket.
     *
     * @throws IOException with the host's reason
     */
    public void open(MonitorPort monitor) throws IOException {
        if (monitor.port() instanceof HostPort.Socket socket) {
            Function<ClientOutput, MonitorClient> clients = output -> client(monitor, output);
            String name = monitor.protocol() == MonitorPort.Protocol.QMP ? "qmp" : "monitor";
            SocketAddress address = resolved(socket);
            MonitorServer server =
                    socket.server()
                            ? MonitorServer.listen(name, address, socket.telnet(), clients)
                            : MonitorServer.dial(name, address, socket.telnet(), clients);
            servers.add(server);
            if (socket.waits()) {
                server.awaitClient();
            }
        }
    }

    private MonitorClient client(MonitorPort monitor, ClientOutput output) {
        return monitor.protocol() == MonitorPort.Protocol.QMP
                ? new QmpClient(host, log, clock, output)
                : new HumanClient(new HumanMonitor(host, log), output);
    }

    /** A server's empty host stands for every address of this computer. */
    private static SocketAddress resolved(HostPort.Socket socket) throws IOException {
        if (!(socket.address() instanceof InetSocketAddress inet)) {
            return socket.address();
        }
        String name = inet.getHostString();
        if (name.isEmpty()) {
            return socket.server()
                    ? new InetSocketAddress(inet.getPort())
                    : new InetSocketAddress(InetAddress.getLoopbackAddress(), inet.getPort());
        }
        InetSocketAddress resolved = new InetSocketAddress(name, inet.getPort());
        if (resolved.isUnresolved()) {
            throw new IOException("there is no host '" + name + "'");
        }
        return resolved;
    }

    /**
     * A monitor at standard input and output: what takes the bytes that are typed.
     *
     * @param terminal whether a person sits there
     */
    public Receiver atStandardStreams(MonitorPort.Protocol protocol, boolean terminal) {
        OutputStream screen = new FileOutputStream(FileDescriptor.out);
        if (terminal && protocol == MonitorPort.Protocol.HUMAN) {
            TerminalMonitor monitor = new TerminalMonitor(new HumanMonitor(host, log), screen);
            monitor.begin();
            return monitor;
        }
        ClientOutput output = new ClientOutput("monitor output", screen, () -> {});
        outputs.add(output);
        MonitorClient client = client(new MonitorPort(protocol, new HostPort.Stdio(false)), output);
        client.opened();
        return new ClientReceiver(client);
    }

    private static final class ClientReceiver implements Receiver {
        private final MonitorClient client;
        private final byte[] one = new byte[1];

        ClientReceiver(MonitorClient client) {
            this.client = client;
        }

        @Override
        public boolean offer(int value) {
            one[0] = (byte) value;
            client.take(one, 1);
            return true;
        }

        @Override
        public void sendBreak() {
            // There is no line to break.
        }
    }

    /** The monitor behind Ctrl-A c; not opened before somebody wants it. */
    public SwitchedMonitor switched() {
        return new SwitchedMonitor(
                new TerminalMonitor(
                        new HumanMonitor(host, log), new FileOutputStream(FileDescriptor.out)));
    }

    @Override
    public void close() {
        servers.forEach(MonitorServer::close);
        for (ClientOutput output : outputs) {
            output.drain(DRAIN_MILLISECONDS);
        }
    }
}
