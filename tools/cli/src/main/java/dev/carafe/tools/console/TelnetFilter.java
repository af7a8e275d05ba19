package dev.carafe.tools.console;

/**
 * The few words of the Telnet protocol (RFC 854) that a client at a serial line says, taken out of
 * what it types.
 */
final class TelnetFilter {
    /** Character at a time, no local echo, eight bits: ECHO, SUPPRESS GO AHEAD, BINARY. */
    static final byte[] GREETING = {
        (byte) 255,
        (byte) 251,
        1,
        (byte) 255,
        (byte) 251,
        3,
        (byte) 255,
        (byte) 251,
        0,
        (byte) 255,
        (byte) 253,
        0
    };

    static final int DATA_MARK = 255; // IAC; doubled where it is data
    static final int NOTHING = -1;
    static final int BREAK = -2;

    private static final int SUBNEGOTIATION = 250;
    private static final int END_OF_SUBNEGOTIATION = 240;
    private static final int BREAK_COMMAND = 243;
    private static final int FIRST_OPTION_COMMAND = 251; // WILL, WON'T, DO, DON'T

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        INSIDE,
        INSIDE_COMMAND
    }

    private State state = State.DATA;

    /** The byte of data that this byte completes, or {@link #NOTHING}, or {@link #BREAK}. */
    int take(int value) {
        switch (state) {
            case DATA -> {
                if (value != DATA_MARK) {
                    return value;
                }
                state = State.COMMAND;
            }
            case COMMAND -> {
                return command(value);
            }
            case OPTION -> state = State.DATA;
            case INSIDE -> state = value == DATA_MARK ? State.INSIDE_COMMAND : State.INSIDE;
            case INSIDE_COMMAND ->
                    state = value == END_OF_SUBNEGOTIATION ? State.DATA : State.INSIDE;
        }
        return NOTHING;
    }

    private int command(int value) {
        state = State.DATA;
        if (value == DATA_MARK) {
            return value;
        }
        if (value == BREAK_COMMAND) {
            return BREAK;
        }
        if (value == SUBNEGOTIATION) {
            state = State.INSIDE;
        } else if (value >= FIRST_OPTION_COMMAND) {
            state = State.OPTION;
        }
        return NOTHING;
    }
}
