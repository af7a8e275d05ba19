package dev.carafe.devices.keyboard;

/**
 * A PS/2 keyboard (IBM PS/2 Technical Reference, "Keyboard", "Commands from the System").
 *
 * <p>Not modelled: typematic repeat, lamps, scan code sets other than 2 (they can be selected, keys
 * come in set 2), the per-key modes of set 3.
 */
final class Ps2Keyboard extends Ps2Device {
    private static final int RESET = 0xFF;
    private static final int SET_DEFAULTS = 0xF6;
    private static final int DISABLE = 0xF5;
    private static final int ENABLE = 0xF4;
    private static final int SET_TYPEMATIC = 0xF3;
    private static final int READ_ID = 0xF2;
    private static final int SCAN_CODE_SET = 0xF0;
    private static final int ECHO = 0xEE;
    private static final int SET_LAMPS = 0xED;
    private static final int DEFAULT_SET = 2;

    private int scanCodeSet = DEFAULT_SET;

    Ps2Keyboard() {
        setReporting(true);
    }

    @Override
    void command(int value) {
        switch (value) {
            case RESET -> {
                clearOutput();
                defaults(true);
                reply(ACKNOWLEDGE, SELF_TEST_PASSED);
            }
            case SET_DEFAULTS -> {
                defaults(true);
                reply(ACKNOWLEDGE);
            }
            case DISABLE -> {
                defaults(false);
                reply(ACKNOWLEDGE);
            }
            case ENABLE -> {
                setReporting(true);
                reply(ACKNOWLEDGE);
            }
            case READ_ID -> reply(ACKNOWLEDGE, 0xAB, 0x83);
            case ECHO -> reply(ECHO);
            case SET_TYPEMATIC, SCAN_CODE_SET, SET_LAMPS -> {
                awaitArgument(value);
                reply(ACKNOWLEDGE);
            }
            case 0xF7, 0xF8, 0xF9, 0xFA -> reply(ACKNOWLEDGE); // all keys of set 3
            default -> reply(RESEND);
        }
    }

    @Override
    void argument(int command, int value) {
        if (command != SCAN_CODE_SET) {
            reply(ACKNOWLEDGE);
        } else if (value == 0) {
            reply(ACKNOWLEDGE, scanCodeSet);
        } else if (value <= 3) {
            scanCodeSet = value;
            reply(ACKNOWLEDGE);
        } else {
            reply(RESEND);
        }
    }

    private void defaults(boolean report) {
        scanCodeSet = DEFAULT_SET;
        setReporting(report);
    }

    @Override
    int setting() {
        return scanCodeSet;
    }

    @Override
    void setSetting(int value) {
        scanCodeSet = value;
    }
}
