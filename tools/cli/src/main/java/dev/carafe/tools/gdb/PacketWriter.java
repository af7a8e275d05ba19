package dev.carafe.tools.gdb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends packets ("Overview" of GDB's remote protocol). A client that does not take them is noticed
 * by the reader; here it only loses what is sent.
 */
final class PacketWriter {
    private final OutputStream out; // guarded by this, as all below
    private byte[] last = new byte[0];
    private boolean broken;

    PacketWriter(OutputStream out) {
        this.out = out;
    }

    /** Sends a packet; characters are bytes. */
    synchronized void packet(String text) {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] packet = new byte[content.length * 2 + 4];
        int length = 0;
        int sum = 0;
        packet[length++] = '$';
        for (byte each : content) {
            if (each == '$' || each == '#' || each == '}' || each == '*') {
                packet[length++] = '}';
                packet[length++] = (byte) (each ^ 0x20);
                sum += '}' + (each ^ 0x20);
            } else {
                packet[length++] = each;
                sum += each;
            }
        }
        packet[length++] = '#';
        packet[length++] = (byte) Character.forDigit(sum >> 4 & 0xF, 16);
        packet[length++] = (byte) Character.forDigit(sum & 0xF, 16);
        last = Arrays.copyOf(packet, length);
        send(last);
    }

    /**
     * The client has asked for something: the answer to what it asked before is not wanted any
     * more.
     */
    synchronized void forget() {
        last = new byte[0];
    }

    /** The client did not understand the last packet, or got none in time. */
    synchronized void repeat() {
        send(last);
    }

    synchronized void acknowledge(boolean understood) {
        send(new byte[] {(byte) (understood ? '+' : '-')});
    }

    private void send(byte[] bytes) {
        if (broken) {
            return;
        }
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException gone) {
            broken = true;
        }
    }
}
