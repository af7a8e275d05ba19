package dev.carafe.devices.video;

import dev.carafe.devices.ByteDevice;

/**
 * The registers of a VGA at 3D4h to 3DAh (IBM VGA/XGA Technical Reference, "CRT Controller
 * Registers", "Input Status Register One"): an index, 25 registers that keep what is written, so
 * that kernels find the cursor where they left it, and the retrace bits, which change with every
 * read.
 *
 * <p>Not modelled: a picture of the text, timing, the write protection of registers 0 to 7, and all
 * other registers of a VGA.
 */
public final class CrtController implements ByteDevice {
    /** How many ports it takes, from 3D4h on. */
    public static final int SIZE = 7;

    private static final int INDEX = 0;
    private static final int DATA = 1;
    private static final int INPUT_STATUS = 6;
    private static final int RETRACE = 0x09; // vertical retrace, display disabled

    private final byte[] registers = new byte[25]; // guarded by this, as all below
    private int index;
    private int status;

    /** The cursor is at the first character. */
    public CrtController() {}

    @Override
    public synchronized int readByte(int offset) {
        return switch (offset) {
            case INDEX -> index;
            case DATA -> index < registers.length ? registers[index] & 0xFF : NOTHING;
            case INPUT_STATUS -> status ^= RETRACE;
            default -> NOTHING;
        };
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == INDEX) {
            index = value;
        } else if (offset == DATA && index < registers.length) {
            registers[index] = (byte) value;
        }
    }
}
