package dev.carafe.tools.monitor;

/**
 * How numbers are printed.
 *
 * @param count how many
 * @param letter x, d, u, o, c or i
 * @param size bytes of each: 1, 2, 4 or 8
 */
record Format(int count, char letter, int size) {
    /** What a monitor begins with. */
    static final Format FIRST = new Format(1, 'x', 4);

    private static final int MOST = 1 << 20;

    /** Reads what follows the slash; what it leaves out is as last time. */
    static Format parse(String text, Format last) throws MonitorError {
        int at = 0;
        long count = 0;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            count = Math.min(10 * count + text.charAt(at) - '0', Integer.MAX_VALUE);
            at++;
        }
        if (count > MOST) {
            throw MonitorError.usage("count " + text.substring(0, at) + " is more than " + MOST);
        }
        char letter = 0;
        int size = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case 'o', 'd', 'u', 'x', 'i', 'c' -> letter = c;
                case 'b' -> size = 1;
                case 'h' -> size = 2;
                case 'w' -> size = 4;
                case 'g', 'L' -> size = 8;
                default -> throw MonitorError.usage("invalid char in format: '" + c + "'");
            }
        }
        return new Format(
                at > 0 && Character.isDigit(text.charAt(0)) ? (int) count : 1,
                letter == 0 ? last.letter == 'i' ? 'x' : last.letter : letter,
                size == 0 ? last.size : size);
    }

    /** Once, as the last command wanted it. */
    Format once() {
        return new Format(1, letter, size);
    }

    /** One number, as {@code print} writes it. */
    String single(long value) {
        return switch (letter) {
            case 'o' -> (value == 0 ? "" : "0") + Long.toOctalString(value);
            case 'u' -> Long.toUnsignedString(value);
            case 'd' -> Long.toString(value);
            case 'c' -> character((int) value & 0xFF);
            default -> value == 0 ? "0" : "0x" + Long.toHexString(value);
        };
    }

    /** One number in a table of numbers of this size. */
    String cell(long value) {
        String text =
                switch (letter) {
                    case 'o' -> (value == 0 ? "" : "0") + Long.toOctalString(value);
                    case 'u' -> Long.toUnsignedString(value);
                    case 'd' -> Long.toString(value);
                    case 'c' -> character((int) value & 0xFF);
                    default -> hex(value);
                };
        return " ".repeat(Math.max(0, width() - text.length())) + text;
    }

    private String hex(long value) {
        String digits = Long.toHexString(value);
        return "0x" + "0".repeat(Math.max(0, 2 * size - digits.length())) + digits;
    }

    private int width() {
        return switch (letter) {
            case 'o' -> (8 * size + 2) / 3;
            case 'u', 'd' -> (80 * size + 32) / 33;
            default -> 0;
        };
    }

    private static String character(int value) {
        String inside =
                switch (value) {
                    case '\'' -> "\\'";
                    case '\\' -> "\\\\";
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    default ->
                            value >= ' ' && value < 0x7F
                                    ? String.valueOf((char) value)
                                    : "\\x"
                                            + (value < 0x10 ? "0" : "")
                                            + Integer.toHexString(value);
                };
        return "'" + inside + "'";
    }
}
