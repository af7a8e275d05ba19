package dev.carafe.tools.gdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes packets out of a stream of bytes ("Overview" of GDB's remote protocol). What is no packet
 * is skipped, and one that is too long is lost as a whole.
 */
final class PacketReader {
    /** Most bytes between $ and #; what {@code qSupported} promises. */
    static final int MOST = 0x4000;

    private static final int INTERRUPT = 3;
    private static final int BUFFER = 8192;

    /** Who is told. Packets are texts whose characters are bytes. */
    interface Receiver {
        void packet(String text);

        /** Ctrl-C between packets. */
        void interrupt();

        /** A packet was too long. */
        void overrun();
    }

    private final InputStream in;
    private final PacketWriter replies;
    private final Receiver receiver;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] packet = new byte[MOST];
    private int filled;
    private int next;
    private volatile boolean acknowledges = true; // the session changes it

    PacketReader(InputStream in, PacketWriter replies, Receiver receiver) {
        this.in = in;
        this.replies = replies;
        this.receiver = receiver;
    }

    /** From here on nobody says whether a packet was understood. */
    void stopAcknowledging() {
        acknowledges = false;
    }

    /** Reads until the client is gone. */
    void run() {
        try {
            int value = read();
            while (value >= 0) {
                switch (value) {
                    case '$' -> packet();
                    case '-' -> again();
                    case INTERRUPT -> receiver.interrupt();
                    default -> {} // acknowledgements and noise
                }
                value = read();
            }
        } catch (IOException gone) {
            // the same as its end
        }
    }

    private void again() {
        if (acknowledges) {
            replies.repeat();
        }
    }

    private void packet() throws IOException {
        int length = 0;
        int sum = 0;
        int value = read();
        while (value != '#') {
            if (value < 0) {
                return;
            }
            if (value == '$') { // the rest of the one before is lost
                length = 0;
                sum = 0;
            } else {
                sum += value;
                if (length < MOST) {
                    packet[length] = (byte) value;
                }
                length++;
            }
            value = read();
        }
        int expected = Character.digit(read(), 16) << 4 | Character.digit(read(), 16);
        if (acknowledges) {
            boolean understood = expected == (sum & 0xFF);
            replies.acknowledge(understood);
            if (!understood) {
                return;
            }
            replies.forget();
        }
        if (length > MOST) {
            receiver.overrun();
        } else {
            receiver.packet(unescaped(length));
        }
    }

    private String unescaped(int length) {
        byte[] plain = new byte[length];
        int size = 0;
        for (int i = 0; i < length; i++) {
            boolean escaped = packet[i] == '}' && i + 1 < length;
            plain[size++] = (byte) (escaped ? packet[++i] ^ 0x20 : packet[i]);
        }
        return new String(plain, 0, size, StandardCharsets.ISO_8859_1);
    }

    private int read() throws IOException {
        if (next == filled) {
            filled = in.read(buffer, 0, BUFFER);
            next = 0;
            if (filled <= 0) {
                filled = 0;
                return -1;
            }
        }
        return buffer[next++] & 0xFF;
    }
}
