package dev.carafe.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {
    private static final int TIMES = 1000;

    @TempDir Path folder;

    @Test
    void aClosedTcpAddressIsFreeAtOnce() throws Exception {
        SocketAddress address;
        try (ListeningSocket socket =
                ListeningSocket.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            address = socket.address();
        }
        openAndClose(address);
    }

    @Test
    void aClosedUnixAddressIsFreeAtOnceAndItsFileIsGone() throws Exception {
        openAndClose(unix());
        assertFalse(Files.exists(unix().getPath()));
    }

    /** Opening fails when the one before still listens in a thread that is inside accept. */
    private static void openAndClose(SocketAddress address) throws Exception {
        List<FutureTask<SocketChannel>> accepting = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            ListeningSocket socket = ListeningSocket.open(address);
            FutureTask<SocketChannel> accepted = new FutureTask<>(socket::accept);
            accepting.add(accepted);
            Thread.ofPlatform().start(accepted);
            socket.close();
            assertFalse(socket.isOpen());
        }
        for (FutureTask<SocketChannel> accepted : accepting) {
            assertThrows(ExecutionException.class, accepted::get);
        }
    }

    @Test
    void aSocketThatAKilledRunHasLeftIsReplaced() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(unix());
        }
        assertTrue(Files.exists(unix().getPath()), "the channel leaves its file behind");

        try (ListeningSocket socket = ListeningSocket.open(unix());
                SocketChannel peer = SocketChannel.open(unix());
                SocketChannel served = socket.accept()) {
            assertTrue(peer.isConnected() && served.isConnected());
        }
    }

    @Test
    void aSocketInUseIsNotReplaced() throws Exception {
        try (ListeningSocket socket = ListeningSocket.open(unix())) {
            IOException error = assertThrows(IOException.class, () -> ListeningSocket.open(unix()));
            assertEquals("Address already in use", error.getMessage());
            assertTrue(socket.isOpen());
        }
    }

    @Test
    void aFileIsNotReplaced() throws Exception {
        Path file = Files.writeString(unix().getPath(), "mine");

        assertThrows(IOException.class, () -> ListeningSocket.open(unix()));
        assertEquals("mine", Files.readString(file));
    }

    /** A directory with something in it, in the file's place, cannot be deleted. */
    @Test
    void aFileThatCannotBeDeletedDoesNotHoldUpClosing() throws Exception {
        ListeningSocket socket = ListeningSocket.open(unix());
        FutureTask<SocketChannel> accepted = new FutureTask<>(socket::accept);
        Thread.ofPlatform().start(accepted);
        Files.delete(unix().getPath());
        Files.createDirectories(unix().getPath().resolve("full"));

        socket.close();

        assertFalse(socket.isOpen());
        assertThrows(ExecutionException.class, accepted::get);
    }

    private UnixDomainSocketAddress unix() {
        return UnixDomainSocketAddress.of(folder.resolve("s"));
    }
}
