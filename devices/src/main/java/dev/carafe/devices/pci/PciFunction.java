package dev.carafe.devices.pci;

/**
 * The configuration space of one PCI function, 256 bytes (PCI Local Bus Specification,
 * "Configuration Space").
 */
public interface PciFunction {
    /** Reads {@code size} bytes (1, 2 or 4) that lie within one doubleword. */
    long readConfiguration(int register, int size);

    /** Writes {@code size} bytes (1, 2 or 4) that lie within one doubleword. */
    void writeConfiguration(int register, int size, long value);
}
