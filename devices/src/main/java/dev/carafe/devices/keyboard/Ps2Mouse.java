package dev.carafe.devices.keyboard;

/**
 * A PS/2 mouse that answers commands (IBM PS/2 Technical Reference, "Mouse").
 *
 * <p>Not modelled: movement and buttons, scaling, wrap mode.
 */
final class Ps2Mouse extends Ps2Device {
    private static final int RESET = 0xFF;
    private static final int SET_DEFAULTS = 0xF6;
    private static final int DISABLE = 0xF5;
    private static final int ENABLE = 0xF4;
    private static final int SET_SAMPLE_RATE = 0xF3;
    private static final int READ_ID = 0xF2;
    private static final int READ_DATA = 0xEB;
    private static final int STATUS_REQUEST = 0xE9;
    private static final int SET_RESOLUTION = 0xE8;
    private static final int STATUS_ENABLED = 0x20;
    private static final int PACKET_AT_REST = 0x08;
    private static final int DEFAULT_RESOLUTION = 2;
    private static final int SAMPLES_PER_SECOND = 100;

    private int resolution = DEFAULT_RESOLUTION;

    @Override
    void command(int value) {
        switch (value) {
            case RESET -> {
                clearOutput();
                defaults();
                reply(ACKNOWLEDGE, SELF_TEST_PASSED, 0);
            }
            case SET_DEFAULTS -> {
                defaults();
                reply(ACKNOWLEDGE);
            }
            case DISABLE, ENABLE -> {
                setReporting(value == ENABLE);
                reply(ACKNOWLEDGE);
            }
            case READ_ID -> reply(ACKNOWLEDGE, 0);
            case READ_DATA -> reply(ACKNOWLEDGE, PACKET_AT_REST, 0, 0);
            case STATUS_REQUEST ->
                    reply(
                            ACKNOWLEDGE,
                            reporting() ? STATUS_ENABLED : 0,
                            resolution,
                            SAMPLES_PER_SECOND);
            case SET_SAMPLE_RATE, SET_RESOLUTION -> {
                awaitArgument(value);
                reply(ACKNOWLEDGE);
            }
            case 0xE6, 0xE7, 0xEA, 0xF0 -> reply(ACKNOWLEDGE); // scaling, stream and remote mode
            default -> reply(RESEND);
        }
    }

    @Override
    void argument(int command, int value) {
        if (command == SET_RESOLUTION) {
            resolution = value & 3;
        }
        reply(ACKNOWLEDGE);
    }

    private void defaults() {
        resolution = DEFAULT_RESOLUTION;
        setReporting(false);
    }

    @Override
    int setting() {
        return resolution;
    }

    @Override
    void setSetting(int value) {
        resolution = value;
    }
}
