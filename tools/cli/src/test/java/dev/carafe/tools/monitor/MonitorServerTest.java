package dev.carafe.tools.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Monitors at sockets: what clients do to them, and what they do to each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MonitorServerTest {
    private static final SocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir private Path folder;

    private TestHost host;

    @BeforeAll
    void build() throws Exception {
        host = new TestHost();
    }

    @AfterAll
    void close() {
        host.close();
    }

    private MonitorServer server(SocketAddress address, boolean telnet) throws IOException {
        return MonitorServer.listen(
                "test",
                address,
                telnet,
                output -> new HumanClient(new HumanMonitor(host, host), output));
    }

    /** Reads until the text ends so. */
    private static String readUntil(InputStream stream, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int value = stream.read();
            if (value < 0) {
                throw new IOException("ended after: " + text);
            }
            text.append((char) value);
        }
        return text.toString();
    }

    private static void type(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aClientGetsBannerEchoAnswerAndPrompt() throws IOException {
        try (MonitorServer server = server(ANY_PORT, false);
                SocketChannel channel = SocketChannel.open(server.address())) {
            InputStream in = Channels.newInputStream(channel);
            OutputStream out = Channels.newOutputStream(channel);

            String banner = readUntil(in, "(qemu) ");
            assertTrue(banner.startsWith("QEMU 7.2.0 monitor"), banner);
            type(out, "p /x 1+1\r\n");
            assertEquals("p /x 1+1\r\n0x2\r\n(qemu) ", readUntil(in, "(qemu) "));
            type(out, "p /x 9\b1\u001b[A\n"); // backspace; a cursor key is passed over
            assertEquals("p /x 9\b \b1\r\n0x1\r\n(qemu) ", readUntil(in, "(qemu) "));
        }
    }

    @Test
    void aClientThatVanishesMakesRoomForTheNext() throws IOException {
        try (MonitorServer server = server(ANY_PORT, false)) {
            for (int i = 0; i < 20; i++) {
                try (SocketChannel channel = SocketChannel.open(server.address())) {
                    type(Channels.newOutputStream(channel), "info registers -a\ninfo mtr");
                }
            }
            try (SocketChannel channel = SocketChannel.open(server.address())) {
                type(Channels.newOutputStream(channel), "p /d 6*7\n");
                readUntil(Channels.newInputStream(channel), "42\r\n(qemu) ");
            }
        }
    }

    @Test
    void theSecondClientWaitsUntilTheFirstHasGone() throws IOException {
        try (MonitorServer server = server(ANY_PORT, false)) {
            SocketChannel first = SocketChannel.open(server.address());
            readUntil(Channels.newInputStream(first), "(qemu) ");
            try (SocketChannel second = SocketChannel.open(server.address())) {
                type(Channels.newOutputStream(second), "p /d 1\n");
                type(Channels.newOutputStream(first), "p /d 2\n");
                readUntil(Channels.newInputStream(first), "2\r\n(qemu) ");
                first.close();
                readUntil(Channels.newInputStream(second), "1\r\n(qemu) ");
            }
        }
    }

    @Test
    void aPortInUseIsAnError() throws IOException {
        try (MonitorServer server = server(ANY_PORT, false)) {
            IOException refused =
                    assertThrows(IOException.class, () -> server(server.address(), false));

            assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
        }
    }

    @Test
    void aSocketsFileIsTakenOverFromTheDeadAndNotFromTheLiving() throws IOException {
        Path path = folder.resolve("m.sock");
        SocketAddress address = UnixDomainSocketAddress.of(path);
        try (MonitorServer _ = server(address, false)) {
            assertThrows(IOException.class, () -> server(address, false));
            try (SocketChannel channel = SocketChannel.open(address)) {
                readUntil(Channels.newInputStream(channel), "(qemu) ");
            }
        }
        assertTrue(Files.notExists(path), "it is removed at the end");
    }

    @Test
    void telnetNegotiatesAndItsCommandsAreNoText() throws IOException {
        try (MonitorServer server = server(ANY_PORT, true);
                SocketChannel channel = SocketChannel.open(server.address())) {
            InputStream in = Channels.newInputStream(channel);
            OutputStream out = Channels.newOutputStream(channel);

            byte[] negotiation = in.readNBytes(12);
            assertEquals((byte) 255, negotiation[0]);
            readUntil(in, "(qemu) ");
            out.write(new byte[] {(byte) 255, (byte) 253, 1, 'p', (byte) 255, (byte) 250, 24, 'p'});
            out.write(new byte[] {(byte) 255, (byte) 240, ' ', '/', 'd', ' ', '3', '\r', 0});
            assertEquals("p /d 3\r\n3\r\n(qemu) ", readUntil(in, "(qemu) "));
        }
    }
}
