package dev.carafe.tools.gdb;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Numbers and bytes as packets write them. */
final class Hex {
    private static final HexFormat BYTES = HexFormat.of();

    private Hex() {}

    static String of(byte[] bytes) {
        return BYTES.formatHex(bytes);
    }

    static String of(byte[] bytes, int length) {
        return BYTES.formatHex(bytes, 0, length);
    }

    static String ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(String hex) {
        try {
            return BYTES.parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new PacketError();
        }
    }

    /** An unsigned number of 1 to 16 digits. */
    static long number(String hex) {
        if (hex.isEmpty() || hex.length() > 16 || hex.charAt(0) == '-' || hex.charAt(0) == '+') {
            throw new PacketError();
        }
        try {
            return Long.parseUnsignedLong(hex, 16);
        } catch (NumberFormatException e) {
            throw new PacketError();
        }
    }

    /** A length: not more than {@code most}. */
    static int length(String hex, int most) {
        long value = number(hex);
        if (value < 0 || value > most) {
            throw new PacketError();
        }
        return (int) value;
    }
}
