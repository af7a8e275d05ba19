package dev.carafe.tools.console;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

/**
 * A line over a TCP or Unix socket, to one peer at a time. While there is none, what a device sends
 * is lost, as on a line without a modem.
 */
public final class SocketLine implements HostLine {
    private static final int BLOCK = 4096;
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long DRAIN_MILLIS = 1000;

    private final ListeningSocket server; // null for a line that was dialled
    private final boolean telnet;
    private final Delivery delivery = new Delivery();
    private final CountDownLatch firstPeer = new CountDownLatch(1);
    private volatile Peer peer; // set by whoever made it; null: nobody is there
    private volatile boolean closed; // set once

    /**
     * Who is at the other end. What is queued for one is never another's: the thread that writes to
     * the last peer may see only late that it has gone.
     */
    private record Peer(SocketChannel channel, OutputQueue output) {
        void hangUp() {
            output.hangUp();
            closeQuietly(channel);
        }
    }

    private SocketLine(ListeningSocket server, boolean telnet) {
        this.server = server;
        this.telnet = telnet;
    }

    /**
     * A line that others dial.
     *
     * @throws IOException when the address is in use or cannot be had
     */
    public static SocketLine listen(SocketAddress address, boolean telnet) throws IOException {
        SocketLine line = new SocketLine(ListeningSocket.open(address), telnet);
        line.startThread(line::serveAll);
        return line;
    }

    /**
     * A line that is dialled now.
     *
     * @throws IOException when nobody answers
     */
    public static SocketLine dial(SocketAddress address, boolean telnet) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        SocketLine line = new SocketLine(null, telnet);
        Peer answered = new Peer(channel, new OutputQueue(PATIENCE_MILLIS));
        line.peer = answered; // what is sent from now on arrives
        line.startThread(() -> line.serve(answered));
        return line;
    }

    private void startThread(Runnable body) {
        Thread.ofPlatform().daemon().name("line").start(body);
    }

    /** Where it listens; for a port of 0, which one was found. */
    public SocketAddress address() throws IOException {
        return server.address();
    }

    /** Waits until somebody has dialled. */
    public void awaitPeer() throws InterruptedException {
        firstPeer.await();
    }

    private void serveAll() {
        while (!closed) {
            try {
                serve(new Peer(server.accept(), new OutputQueue(PATIENCE_MILLIS)));
            } catch (IOException e) {
                return; // closed, by us or by the host: the line stays silent
            }
        }
    }

    private void serve(Peer present) {
        SocketChannel channel = present.channel;
        try {
            if (channel.getRemoteAddress() instanceof java.net.InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            if (telnet) {
                channel.write(ByteBuffer.wrap(TelnetFilter.GREETING));
            }
            startThread(() -> write(present));
            peer = present;
            firstPeer.countDown();
            if (!closed) { // a close() before may not have seen this peer: it is hung up on here
                read(channel);
            }
        } catch (IOException e) {
            // The peer is gone: the line waits for the next one.
        } finally {
            peer = null;
            present.hangUp();
        }
    }

    private void read(SocketChannel channel) throws IOException {
        TelnetFilter filter = telnet ? new TelnetFilter() : null;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (channel.read(block) >= 0) {
            block.flip();
            while (block.hasRemaining() && channel.isOpen()) {
                take(filter, block.get() & 0xFF);
            }
            block.clear();
        }
    }

    private void take(TelnetFilter filter, int value) {
        int data = filter == null ? value : filter.take(value);
        if (data == TelnetFilter.BREAK) {
            delivery.sendBreak();
        } else if (data != TelnetFilter.NOTHING) {
            delivery.deliver(data);
        }
    }

    private static void write(Peer to) {
        byte[] block = new byte[BLOCK];
        try {
            for (int count = to.output.take(block); count > 0; count = to.output.take(block)) {
                ByteBuffer bytes = ByteBuffer.wrap(block, 0, count);
                while (bytes.hasRemaining()) {
                    to.channel.write(bytes);
                }
            }
        } catch (IOException e) {
            to.output.hangUp(); // the reading thread sees the same, and waits for the next peer
        }
    }

    @Override
    public void accept(int value) {
        Peer to = peer;
        if (to == null) {
            return;
        }
        boolean there = to.output.put(value);
        if (telnet && value == TelnetFilter.DATA_MARK) {
            there &= to.output.put(value);
        }
        if (!there) {
            closeQuietly(to.channel); // it has read nothing for too long
        }
    }

    @Override
    public void connect(Receiver device) {
        delivery.connect(device);
    }

    @Override
    public void roomAvailable() {
        delivery.roomAvailable();
    }

    @Override
    public void close() {
        closed = true;
        if (server != null) {
            server.close();
        }
        Peer last = peer;
        if (last != null) {
            last.output.drain(DRAIN_MILLIS);
            last.hangUp();
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
