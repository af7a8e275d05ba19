package dev.carafe.core.bus;

/** An address space that devices are attached to: I/O ports, or physical memory outside RAM. */
public interface Bus {
    /**
     * Attaches a device.
     *
     * @throws IllegalArgumentException when the range overlaps one that is taken
     */
    void attach(AddressRange range, BusDevice device);

    /** Reads {@code size} bytes (1, 2, 4 or 8); all ones where nobody answers. */
    long read(long address, int size);

    /** Writes {@code size} bytes (1, 2, 4 or 8); lost where nobody answers. */
    void write(long address, int size, long value);
}
