package dev.carafe.tools.monitor;

import dev.carafe.tools.console.ListeningSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * A monitor at a socket. As QEMU it serves one client at a time; the next one waits until the first
 * is gone. Whatever a client does, the machine goes on.
 */
public final class MonitorServer implements AutoCloseable {
    private static final int BLOCK = 4096;
    private static final long DRAIN_MILLISECONDS = 1000;

    private final String name;
    private final boolean telnet;
    private final Function<ClientOutput, MonitorClient> clients;
    private final ListeningSocket server; // null when we have dialled
    private volatile SocketChannel present; // the client that is served, or null
    private volatile ClientOutput output; // to it, or null
    private volatile boolean closed;
    private final CountDownLatch greeted = new CountDownLatch(1);

    private MonitorServer(
            ListeningSocket server,
            String name,
            boolean telnet,
            Function<ClientOutput, MonitorClient> clients) {
        this.server = server;
        this.name = name;
        this.telnet = telnet;
        this.clients = clients;
    }

    /**
     * Waits for clients.
     *
     * @throws IOException when the address cannot be had
     */
    static MonitorServer listen(
            String name,
            SocketAddress address,
            boolean telnet,
            Function<ClientOutput, MonitorClient> clients)
            throws IOException {
        MonitorServer server =
                new MonitorServer(ListeningSocket.open(address), name, telnet, clients);
        Thread.ofPlatform().daemon().name(name).start(server::serve);
        return server;
    }

    /**
     * Calls the only client.
     *
     * @throws IOException when nobody answers
     */
    static MonitorServer dial(
            String name,
            SocketAddress address,
            boolean telnet,
            Function<ClientOutput, MonitorClient> clients)
            throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        MonitorServer server = new MonitorServer(null, name, telnet, clients);
        Thread.ofPlatform().daemon().name(name).start(() -> server.serve(channel));
        return server;
    }

    /** Where it listens: with the port that was chosen, if that was left to the host. */
    SocketAddress address() throws IOException {
        return server.address();
    }

    /** Waits until the first client is there. */
    void awaitClient() {
        try {
            greeted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        while (!closed) {
            try {
                serve(server.accept());
            } catch (IOException e) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            present = channel;
            ClientOutput out =
                    new ClientOutput(
                            name + " output",
                            Channels.newOutputStream(channel),
                            () -> close(channel));
            output = out;
            if (telnet) {
                out.send(Telnet.greeting());
            }
            MonitorClient client = clients.apply(out);
            client.opened();
            greeted.countDown();
            try {
                read(Channels.newInputStream(channel), client);
            } finally {
                client.closed();
                out.drain(DRAIN_MILLISECONDS);
                out.close();
            }
        } catch (IOException e) {
            // The client is gone: the next one may come.
        } finally {
            present = null;
            output = null;
        }
    }

    private void read(InputStream input, MonitorClient client) throws IOException {
        Telnet protocol = new Telnet();
        byte[] block = new byte[BLOCK];
        int length = input.read(block);
        while (length >= 0 && !closed) {
            int data = telnet ? protocol.filter(block, length) : length;
            client.take(block, data);
            length = input.read(block);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }

    /** Sends what is still to be sent, for a moment, and hangs up. */
    @Override
    public void close() {
        closed = true;
        ClientOutput last = output;
        if (last != null) {
            last.drain(DRAIN_MILLISECONDS);
        }
        if (server != null) {
            server.close();
        }
        SocketChannel client = present;
        if (client != null) {
            close(client);
        }
    }
}
