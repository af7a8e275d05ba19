package dev.carafe.tools.console;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP or Unix socket that others dial. Once it is closed its address is free: the host listens on
 * for as long as a thread is inside {@code accept}, so closing waits until that thread is out.
 */
public final class ListeningSocket implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path file; // of a Unix socket, removed at the end; null for TCP
    private final ReentrantLock accepting = new ReentrantLock(); // held inside accept

    private ListeningSocket(ServerSocketChannel server, Path file) {
        this.server = server;
        this.file = file;
    }

    /**
     * Takes the address. The file of a Unix socket at which nobody listens any more is replaced,
     * any other file is not.
     *
     * @throws IOException when the address is in use or cannot be had
     */
    public static ListeningSocket open(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            Path path = unix.getPath();
            if (isAbandoned(unix)) {
                Files.deleteIfExists(path);
            }
            ListeningSocket socket =
                    bound(ServerSocketChannel.open(StandardProtocolFamily.UNIX), address, path);
            path.toFile().deleteOnExit();
            return socket;
        }
        return bound(ServerSocketChannel.open(), address, null);
    }

    private static ListeningSocket bound(
            ServerSocketChannel server, SocketAddress address, Path file) throws IOException {
        try {
            return new ListeningSocket(server.bind(address), file);
        } catch (IOException e) {
            server.close();
            throw e;
        } catch (RuntimeException e) { // an address that was not resolved, say
            server.close();
            throw new BindException(e.getMessage());
        }
    }

    private static boolean isAbandoned(UnixDomainSocketAddress address) throws IOException {
        try {
            if (!Files.readAttributes(
                            address.getPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        try (SocketChannel _ = SocketChannel.open(address)) {
            return false;
        } catch (IOException nobody) {
            return true;
        }
    }

    /** Where it listens; for a port of 0, which one was found. */
    public SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    /** Whether it has not been closed. */
    public boolean isOpen() {
        return server.isOpen();
    }

    /**
     * Waits for the next who dials.
     *
     * @throws IOException when that one is lost, or when this is closed
     */
    public SocketChannel accept() throws IOException {
        accepting.lock();
        try {
            return server.accept();
        } finally {
            accepting.unlock();
        }
    }

    /** Frees the address. */
    @Override
    public void close() {
        if (!server.isOpen()) {
            return;
        }
        try {
            if (file != null) {
                Files.deleteIfExists(file); // while it is ours
            }
        } catch (IOException e) {
            // The file stays, and whoever opens it next finds that nobody answers.
        }
        try {
            server.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
        accepting.lock(); // the thread that was inside has been woken
        accepting.unlock();
    }
}
