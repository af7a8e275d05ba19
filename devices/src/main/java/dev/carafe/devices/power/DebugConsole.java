package dev.carafe.devices.power;

import dev.carafe.devices.ByteDevice;
import java.util.function.IntConsumer;

/**
 * The debug console port of Bochs and of firmware (E9h, 402h): takes characters, and reads E9h so
 * that it can be found.
 */
public final class DebugConsole implements ByteDevice {
    private static final int PRESENT = 0xE9;

    private final IntConsumer output; // called under this

    public DebugConsole(IntConsumer output) {
        this.output = output;
    }

    @Override
    public int readByte(int offset) {
        return offset == 0 ? PRESENT : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == 0) {
            output.accept(value);
        }
    }
}
