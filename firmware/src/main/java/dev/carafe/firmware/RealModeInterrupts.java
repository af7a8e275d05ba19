package dev.carafe.firmware;

import dev.carafe.firmware.bytes.ByteWriter;
import java.util.HexFormat;

/**
 * The interrupt vector table of real-address mode, and behind it handlers that a PC's firmware
 * leaves at the least (IBM PC AT Technical Reference, "System BIOS Usage"): the timer counts at
 * 40:6C and calls INT 1Ch, every other hardware interrupt is only ended, and the rest return.
 *
 * <p>Not modelled: BIOS services; an INT n that asks for one returns as if nothing had been asked.
 */
final class RealModeInterrupts {
    private static final int VECTORS = 256;
    private static final int TIMER_VECTOR = PicState.BIOS.masterVector();
    private static final int INPUTS = 8; // of one 8259
    private static final int SEGMENT = GuestLayout.BIOS_SEGMENT >> 4;
    private static final int BEGIN =
            GuestLayout.INTERRUPT_HANDLERS - GuestLayout.BIOS_SEGMENT; // offset in the segment

    // Each line is one handler of 16-bit code.
    private static final String NOTHING = "CF"; // iret
    private static final String MASTER = "50 B0 20 E6 20 58 CF"; // end of interrupt to one 8259
    private static final String SLAVE = "50 B0 20 E6 A0 E6 20 58 CF"; // and to both
    private static final String TIMER =
            "50 1E B8 40 00 8E D8" // ds = 40h
                    + "66 FF 06 6C 00" // inc dword [6Ch], ticks since midnight
                    + "66 81 3E 6C 00 B0 00 18 00 72 0E" // a day has 1800B0h
                    + "66 C7 06 6C 00 00 00 00 00 C6 06 70 00 01" // from 0 again; [70h] = 1
                    + "CD 1C" // the user's turn
                    + "B0 20 E6 20 1F 58 CF";

    private RealModeInterrupts() {}

    /** The table at address 0. */
    static byte[] table() {
        int master = BEGIN + bytes(NOTHING).length;
        int slave = master + bytes(MASTER).length;
        int timer = slave + bytes(SLAVE).length;
        ByteWriter table = new ByteWriter(4 * VECTORS);
        for (int vector = 0; vector < VECTORS; vector++) {
            int handler = BEGIN;
            if (vector == TIMER_VECTOR) {
                handler = timer;
            } else if (within(vector, TIMER_VECTOR)) {
                handler = master;
            } else if (within(vector, PicState.BIOS.slaveVector())) {
                handler = slave;
            }
            table.u16(handler).u16(SEGMENT);
        }
        return table.toByteArray();
    }

    /** The handlers at {@link GuestLayout#INTERRUPT_HANDLERS}. */
    static byte[] handlers() {
        return bytes(NOTHING + MASTER + SLAVE + TIMER);
    }

    private static boolean within(int vector, int first) {
        return vector >= first && vector < first + INPUTS;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
