package dev.carafe.devices.pci;

import dev.carafe.devices.AccessSize;

/**
 * Function 00:00.0, a host bridge that identifies itself as the 82G33 memory controller hub
 * (8086:29C0).
 *
 * <p>Not modelled: everything behind the standard header; nothing in it is writable.
 */
public final class HostBridge implements PciFunction {
    private static final long DEVICE_AND_VENDOR = 0x29C0_8086L;
    private static final long STATUS_AND_COMMAND =
            0x0000_0006L; // memory and bus-master decoding always on
    private static final long CLASS_AND_REVISION = 0x0600_0000L;
    private static final long SUBSYSTEM = 0x1100_1AF4L;

    /** Makes the bridge. */
    public HostBridge() {}

    @Override
    public long readConfiguration(int register, int size) {
        long value =
                switch (register & ~3) {
                    case 0x00 -> DEVICE_AND_VENDOR;
                    case 0x04 -> STATUS_AND_COMMAND;
                    case 0x08 -> CLASS_AND_REVISION;
                    case 0x2C -> SUBSYSTEM;
                    default -> 0;
                };
        return AccessSize.extract(value, register & 3, size);
    }

    @Override
    public void writeConfiguration(int register, int size, long value) {
        // nothing in the modelled header is writable
    }
}
