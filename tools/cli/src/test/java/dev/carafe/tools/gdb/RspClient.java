package dev.carafe.tools.gdb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A debugger's end of the protocol, for tests: sends packets, and gives the next one that comes.
 */
final class RspClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RspClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** Eight bytes of a register or of memory, little-endian. */
    static String hex(long value) {
        byte[] little = new byte[8];
        for (int i = 0; i < 8; i++) {
            little[i] = (byte) (value >>> 8 * i);
        }
        return HexFormat.of().formatHex(little);
    }

    /** Sends a packet and returns the reply. */
    String ask(String packet) throws IOException {
        send(packet);
        return reply();
    }

    void send(String packet) throws IOException {
        byte[] content = packet.getBytes(StandardCharsets.ISO_8859_1);
        int sum = 0;
        for (byte each : content) {
            sum += each;
        }
        raw("$" + packet + "#%02x".formatted(sum & 0xFF));
    }

    void raw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next packet's content, unescaped; acknowledgements are skipped. */
    String reply() throws IOException {
        while (byteRead() != '$') {
            // an acknowledgement
        }
        StringBuilder text = new StringBuilder();
        int next = byteRead();
        while (next != '#') {
            text.append((char) (next == '}' ? byteRead() ^ 0x20 : next));
            next = byteRead();
        }
        byteRead();
        byteRead();
        return text.toString();
    }

    int byteRead() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("the server has closed the connection");
        }
        return value;
    }

    /** Nothing more will be sent. */
    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the server has closed the connection. */
    boolean closed() throws IOException {
        int value;
        do {
            value = in.read();
        } while (value >= 0);
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
