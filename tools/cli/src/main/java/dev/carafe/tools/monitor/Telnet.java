package dev.carafe.tools.monitor;

/**
 * The little of the Telnet protocol (RFC 854) that a monitor needs: we echo and send without
 * waiting, and what the other end negotiates is dropped.
 *
 * <p>Used by one thread.
 */
final class Telnet {
    private static final int IAC = 255;
    private static final int DONT = 254;
    private static final int WILL = 251;
    private static final int SUBNEGOTIATION = 250;
    private static final int END = 240;
    private static final int DO = 253;
    private static final int ECHO = 1;
    private static final int GO_AHEAD = 3;
    private static final int BINARY = 0;

    private enum Where {
        DATA,
        COMMAND,
        OPTION,
        INSIDE,
        INSIDE_COMMAND
    }

    private Where where = Where.DATA;

    /** What a server says first. */
    static byte[] greeting() {
        int[] bytes = {IAC, WILL, ECHO, IAC, WILL, GO_AHEAD, IAC, WILL, BINARY, IAC, DO, BINARY};
        byte[] greeting = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            greeting[i] = (byte) bytes[i];
        }
        return greeting;
    }

    /** Moves the data to the front; how much of it there is. */
    int filter(byte[] bytes, int length) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            if (isData(bytes[i] & 0xFF)) {
                bytes[kept++] = bytes[i];
            }
        }
        return kept;
    }

    private boolean isData(int value) {
        switch (where) {
            case DATA -> {
                if (value != IAC) {
                    return value != 0; // a return may be followed by a zero
                }
                where = Where.COMMAND;
            }
            case COMMAND -> {
                boolean option = value >= WILL && value <= DONT;
                where = option ? Where.OPTION : Where.DATA;
                if (value == SUBNEGOTIATION) {
                    where = Where.INSIDE;
                }
                return value == IAC;
            }
            case OPTION -> where = Where.DATA;
            case INSIDE -> where = value == IAC ? Where.INSIDE_COMMAND : Where.INSIDE;
            case INSIDE_COMMAND -> where = value == END ? Where.DATA : Where.INSIDE;
        }
        return false;
    }
}
