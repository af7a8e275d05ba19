package dev.carafe.tools.monitor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends to a client without ever waiting for it: who sends may be a processor's thread. A client
 * that does not read while this much collects has lost its connection.
 */
final class ClientOutput implements AutoCloseable {
    private static final int MOST_BYTES = 64 << 20;
    private static final long LOOK_MILLISECONDS = 10;

    private final OutputStream stream;
    private final Runnable broken;
    private final Deque<byte[]> queue = new ArrayDeque<>(); // guarded by this, as all below
    private long queued;
    private boolean closed;
    private boolean writing;

    /**
     * @param broken is called once when nothing can be sent any more
     */
    ClientOutput(String name, OutputStream stream, Runnable broken) {
        this.stream = stream;
        this.broken = broken;
        Thread.ofPlatform().daemon().name(name).start(this::write);
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    synchronized void send(byte[] bytes) {
        if (closed || bytes.length == 0) {
            return;
        }
        if (queued + bytes.length > MOST_BYTES) {
            closed = true;
        } else {
            queue.add(bytes);
            queued += bytes.length;
        }
        notifyAll();
    }

    private void write() {
        try {
            for (byte[] next = next(); next != null; next = next()) {
                stream.write(next);
                stream.flush();
                written(next.length);
            }
        } catch (IOException e) {
            // The client is gone; whoever reads from it will notice, too.
        }
        close();
        broken.run();
    }

    private synchronized byte[] next() {
        boolean interrupted = false;
        while (queue.isEmpty() && !closed) {
            interrupted |= !await();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        byte[] next = queue.poll();
        writing = next != null;
        return next;
    }

    private synchronized void written(int length) {
        queued -= length;
        writing = false;
        if (queue.isEmpty()) {
            notifyAll(); // who drains
        }
    }

    private boolean await() {
        try {
            wait();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Waits until everything has been sent, or cannot be. */
    synchronized void drain(long milliseconds) {
        try {
            for (long left = milliseconds; left > 0 && unsent(); left -= LOOK_MILLISECONDS) {
                wait(LOOK_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean unsent() {
        return (!queue.isEmpty() || writing) && !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
