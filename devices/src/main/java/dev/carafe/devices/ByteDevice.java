package dev.carafe.devices;

import dev.carafe.core.bus.BusDevice;

/**
 * A device whose registers are one byte wide. A wider access is split into byte accesses at rising
 * offsets, as an 8-bit device on the ISA bus sees it.
 */
public interface ByteDevice extends BusDevice {
    /** What a byte reads as where no register answers. */
    int NOTHING = 0xFF;

    /** Reads the register at {@code offset}; the low eight bits count. */
    int readByte(int offset);

    /** Writes 0 to FFh to the register at {@code offset}. */
    void writeByte(int offset, int value);

    @Override
    default long read(int offset, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (readByte(offset + i) & 0xFFL) << (8 * i);
        }
        return value;
    }

    @Override
    default void write(int offset, int size, long value) {
        for (int i = 0; i < size; i++) {
            writeByte(offset + i, (int) (value >>> (8 * i)) & 0xFF);
        }
    }
}
