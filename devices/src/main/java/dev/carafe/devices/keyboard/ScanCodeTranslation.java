package dev.carafe.devices.keyboard;

import java.util.HexFormat;

/**
 * The controller's translation of scan code set 2 to set 1 (IBM PS/2 Technical Reference, "Keyboard
 * Scan Codes").
 */
final class ScanCodeTranslation {
    private static final int BREAK = 0xF0;
    private static final byte[] TABLE =
            HexFormat.of()
                    .parseHex(
                            "ff43413f3d3b3c58644442403e0f2959"
                                    + "65382a701d10025a66712c1f1e11035b"
                                    + "672e2d201205045c68392f211413065d"
                                    + "693130232215075e6a7232241608095f"
                                    + "6b332517180b0a606c34352627190c61"
                                    + "6d7328741a0d626e3a361c1b752b6376"
                                    + "55567778797a0e7b7c4f7d4b477e7f6f"
                                    + "5253504c4d480145574e514a37494654");

    private boolean released; // the last byte was the break prefix

    /** The translated byte, or -1 when it is part of a sequence that is not over. */
    int translate(int value) {
        if (value == BREAK) {
            released = true;
            return -1;
        }
        int code =
                switch (value) {
                    case 0x83 -> 0x41; // F7
                    case 0x84 -> 0x54; // SysRq
                    default -> value < TABLE.length ? TABLE[value] & 0xFF : value;
                };
        int result = released ? code | 0x80 : code;
        released = false;
        return result;
    }

    boolean released() {
        return released;
    }

    void setReleased(boolean value) {
        released = value;
    }
}
