package dev.carafe.tools.gdb;

import dev.carafe.tools.board.DebuggerPort;
import dev.carafe.tools.console.ListeningSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Listens for debuggers that speak GDB's remote serial protocol, and serves one at a time. It
 * outlives the machine: after a reset of the guest the same client goes on with the next one.
 *
 * <p>Lock order: {@link #lock} → the machine's run control.
 */
public final class GdbServer implements AutoCloseable {
    private static final int MOST_CLIENTS = 8; // served, waiting, and being refused
    private static final int PATIENCE_SECONDS = 1;
    private static final int MOST_IGNORED = 1 << 16;
    private static final String BUSY =
            "E.Carafe serves one debugger at a time, another is connected";

    private final DebuggerPort port;
    private final ListeningSocket listening; // null for standard input and output
    private final MonitorCommands monitor;
    private final Runnable quit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition(); // session has become null
    private final Semaphore clients = new Semaphore(MOST_CLIENTS);
    private GdbTarget target; // guarded by lock, as all below
    private GdbSession session;
    private volatile SocketChannel client; // written under lock

    private GdbServer(
            DebuggerPort port, ListeningSocket listening, MonitorCommands monitor, Runnable quit) {
        this.port = port;
        this.listening = listening;
        this.monitor = monitor;
        this.quit = quit;
    }

    /**
     * Takes the port; nobody is served before {@link #start}.
     *
     * @param monitor what GDB's {@code monitor} reaches
     * @param quit ends the run when a client wants it
     * @throws IOException when the port cannot be had
     */
    public static GdbServer open(DebuggerPort port, MonitorCommands monitor, Runnable quit)
            throws IOException {
        prepare();
        ListeningSocket listening =
                switch (port) {
                    case DebuggerPort.Tcp(String host, int number) -> tcp(host, number);
                    case DebuggerPort.Unix(Path path) ->
                            ListeningSocket.open(UnixDomainSocketAddress.of(path));
                    case DebuggerPort.Stdio() -> null;
                };
        return new GdbServer(port, listening, monitor, quit);
    }

    private static ListeningSocket tcp(String host, int port) throws IOException {
        InetSocketAddress address =
                host.isEmpty()
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(InetAddress.getByName(host), port);
        return ListeningSocket.open(address);
    }

    /** Why a port could not be had, in words. */
    public static String reason(IOException e) {
        return e instanceof UnknownHostException ? "unknown host" : e.getMessage();
    }

    /** The TCP port that is listened at. */
    public int tcpPort() throws IOException {
        return ((InetSocketAddress) listening.address()).getPort();
    }

    /** The first machine: clients are served from here on. */
    public void start(GdbTarget machine) {
        locked(() -> target = machine);
        Runnable serve = listening == null ? this::serveStandardStreams : this::accept;
        Thread.ofPlatform().daemon().name("gdb-server").start(serve);
    }

    /**
     * Loads what the first packets need: a client waits two seconds for an answer, and not longer.
     */
    private static void prepare() {
        byte[] question = "+$?#3f".getBytes(StandardCharsets.US_ASCII);
        PacketWriter writer = new PacketWriter(OutputStream.nullOutputStream());
        writer.packet(new RegisterPackets(new RegisterSet(false)).description());
        new PacketReader(new ByteArrayInputStream(question), writer, new Nobody()).run();
    }

    private static final class Nobody implements PacketReader.Receiver {
        @Override
        public void packet(String text) {}

        @Override
        public void interrupt() {}

        @Override
        public void overrun() {}
    }

    /**
     * The guest was reset: makes the next machine while no client looks at one.
     *
     * @param make ends the machine before, and makes the next one, which has not started
     */
    public void replace(Supplier<GdbTarget> make) {
        lockPatiently();
        try {
            boolean stopped = target.control().stopped().isPresent();
            target = make.get();
            if (session != null) {
                session.moveTo(target, stopped);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The run is over: the client is told the exit code. */
    public void exited(int code) {
        lockPatiently();
        try {
            if (session != null) {
                session.exited(code);
            }
        } finally {
            lock.unlock();
        }
        close();
    }

    /** A client that does not read what it asked for may hold the lock, but not for ever. */
    private void lockPatiently() {
        try {
            if (lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(client);
        lock.lock();
    }

    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    GdbTarget target() {
        return target;
    }

    String monitor(String line) {
        return monitor.execute(line);
    }

    void quit() {
        quit.run();
    }

    // ---- clients

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel channel = listening.accept();
                if (port instanceof DebuggerPort.Tcp) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                welcome(channel);
            } catch (IOException e) {
                // this client is lost, or the server was closed
            }
        }
    }

    private void welcome(SocketChannel channel) {
        if (clients.tryAcquire()) {
            Thread.ofPlatform().daemon().name("gdb-session").start(() -> receive(channel));
        } else {
            close(channel);
        }
    }

    private void receive(SocketChannel channel) {
        try {
            GdbSession one =
                    new GdbSession(
                            this,
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel));
            if (takesPlace(one, channel)) {
                serve(one, channel);
            } else {
                refuse(channel);
            }
        } finally {
            clients.release();
        }
    }

    /** A debugger that comes back at once may find that its own end has not been noticed yet. */
    private boolean takesPlace(GdbSession one, SocketChannel channel) {
        lock.lock();
        try {
            long patience = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (session != null && patience > 0) {
                patience = free.awaitNanos(patience);
            }
            if (session != null) {
                return false;
            }
            session = one;
            client = channel;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void serve(GdbSession one, SocketChannel channel) {
        try {
            one.run();
        } finally {
            close(channel);
            locked(
                    () -> {
                        session = null;
                        free.signal();
                    });
        }
    }

    /** Says why, and waits until the client has read it. */
    private void refuse(SocketChannel channel) {
        try (channel) {
            InputStream in = Channels.newInputStream(channel);
            new PacketWriter(Channels.newOutputStream(channel)).packet(BUSY);
            channel.shutdownOutput();
            in.skip(MOST_IGNORED);
        } catch (IOException gone) {
            // it did not want to know
        }
    }

    private void serveStandardStreams() {
        GdbSession one = new GdbSession(this, System.in, System.out);
        locked(() -> session = one);
        one.run();
        locked(() -> session = null);
    }

    private static void close(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public void close() {
        if (listening != null) {
            listening.close();
        }
        close(client);
    }
}
