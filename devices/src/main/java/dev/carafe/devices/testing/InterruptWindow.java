package dev.carafe.devices.testing;

import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.ByteDevice;
import java.util.List;

/**
 * The part of QEMU's pc-testdev that raises interrupts: writing to port n sets the level of
 * interrupt line n, asserted for any value but zero. Reads give nothing.
 */
public final class InterruptWindow implements ByteDevice {
    private final List<InterruptLine> lines;

    /** Makes a window with one port for each line. */
    public InterruptWindow(List<InterruptLine> lines) {
        this.lines = List.copyOf(lines);
    }

    @Override
    public int readByte(int offset) {
        return NOTHING;
    }

    @Override
    public void writeByte(int offset, int value) {
        if (offset >= 0 && offset < lines.size()) {
            lines.get(offset).set(value != 0);
        }
    }
}
