package dev.carafe.devices.testing;

import dev.carafe.devices.ByteDevice;

/**
 * Memory that is reached as a device is, access by access: the window of QEMU's pc-testdev in which
 * tests try instructions with memory-mapped operands.
 */
public final class DeviceMemory implements ByteDevice {
    private final byte[] content; // guarded by this

    /** Makes {@code length} bytes of zeros. */
    public DeviceMemory(int length) {
        content = new byte[length];
    }

    @Override
    public synchronized long read(int offset, int size) {
        return ByteDevice.super.read(offset, size);
    }

    @Override
    public synchronized void write(int offset, int size, long value) {
        ByteDevice.super.write(offset, size, value);
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset >= 0 && offset < content.length ? content[offset] & 0xFF : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset >= 0 && offset < content.length) {
            content[offset] = (byte) value;
        }
    }
}
