package dev.carafe.tools.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketLineTest {
    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    private final Receiver device =
            new Receiver() {
                @Override
                public boolean offer(int value) {
                    return received.add(value);
                }

                @Override
                public void sendBreak() {
                    received.add(-1);
                }
            };

    private SocketLine listen(boolean telnet) throws IOException {
        SocketLine line =
                SocketLine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), telnet);
        line.connect(device);
        return line;
    }

    private static Socket dial(SocketLine line) throws IOException {
        InetSocketAddress address = (InetSocketAddress) line.address();
        return new Socket(address.getAddress(), address.getPort());
    }

    private static void say(SocketLine line, String text) {
        text.chars().forEach(line);
    }

    private String heard(int count) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int value = received.take();
            text.append(value < 0 ? "BREAK" : Character.toString(value));
        }
        return text.toString();
    }

    private static String read(Socket peer, int count) throws IOException {
        return new String(peer.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesGoBothWaysAndThoseSentBeforeAnybodyDialledAreLost() throws Exception {
        try (SocketLine line = listen(false)) {
            say(line, "lost");
            try (Socket peer = dial(line)) {
                line.awaitPeer();
                say(line, "hello\u00FF");
                peer.getOutputStream().write("typed\u00FF".getBytes(StandardCharsets.ISO_8859_1));

                assertEquals("hello\u00FF", read(peer, 6));
                assertEquals("typed\u00FF", heard(6));
            }
        }
    }

    @Test
    void aPeerThatHangsUpMakesRoomForTheNext() throws Exception {
        try (SocketLine line = listen(false)) {
            try (Socket first = dial(line)) {
                first.getOutputStream().write('1');
                assertEquals("1", heard(1));
            }
            try (Socket second = dial(line)) {
                second.getOutputStream().write('2');
                assertEquals("2", heard(1));
                say(line, "two");
                assertEquals("two", read(second, 3));
            }
        }
    }

    @Test
    void whatIsSentToTheNextPeerIsNeverTakenByTheWriterOfTheLast() throws Exception {
        try (SocketLine line = listen(false)) {
            for (int i = 0; i < 2000; i++) {
                try (Socket peer = dial(line)) {
                    peer.getOutputStream().write('n');
                    assertEquals("n", heard(1));
                    say(line, "next");
                    assertEquals("next", read(peer, 4));
                }
            }
        }
    }

    @Test
    void closingLetsEverythingArriveFirst() throws Exception {
        String text = "x".repeat(50_000);
        SocketLine line = listen(false);
        try (Socket peer = dial(line)) {
            line.awaitPeer();
            say(line, text);
            line.close();

            assertEquals(text, new String(peer.getInputStream().readAllBytes()));
        }
    }

    @Test
    void telnetIsNegotiatedAndTakenOutOfWhatIsTyped() throws Exception {
        try (SocketLine line = listen(true);
                Socket peer = dial(line)) {
            assertArrayEquals(
                    TelnetFilter.GREETING,
                    peer.getInputStream().readNBytes(TelnetFilter.GREETING.length));
            byte[] typed = {
                'a',
                (byte) 255,
                (byte) 253,
                1,
                'b',
                (byte) 255,
                (byte) 255,
                (byte) 255,
                (byte) 243,
                (byte) 255,
                (byte) 250,
                24,
                'x',
                (byte) 255,
                (byte) 240,
                'c'
            };
            peer.getOutputStream().write(typed);
            assertEquals("ab\u00FFBREAKc", heard(5));
            say(line, "d\u00FF");

            assertEquals("d\u00FF\u00FF", read(peer, 3));
        }
    }

    @Test
    void aLineIsDialledToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketLine line = SocketLine.dial(server.getLocalSocketAddress(), false);
                Socket peer = server.accept()) {
            line.connect(device);
            peer.getOutputStream().write('k');
            assertEquals("k", heard(1));
            say(line, "v");
            assertEquals("v", read(peer, 1));
        }
    }

    @Test
    void unixSocketsCarryBytesToo(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (SocketLine line = SocketLine.listen(address, false)) {
            line.connect(device);
            try (SocketChannel peer = SocketChannel.open(address)) {
                peer.write(ByteBuffer.wrap(new byte[] {'u'}));
                assertEquals("u", heard(1));
            }
        }
    }

    @Test
    void aPeerThatReadsNothingIsGivenUpAndTheDeviceGoesOn() {
        OutputQueue queue = new OutputQueue(1);
        int taken = 0;
        while (queue.put('x')) {
            taken++;
        }

        assertEquals(1 << 16, taken, "as much as the queue holds");
        assertEquals(true, queue.put('y'), "later bytes are dropped at once");
        assertEquals(-1, queue.take(new byte[8]));
    }
}
