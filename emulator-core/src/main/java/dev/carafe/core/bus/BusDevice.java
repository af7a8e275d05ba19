package dev.carafe.core.bus;

/**
 * Something that answers at a range of I/O ports or physical addresses.
 *
 * <p>A device sees offsets from the start of its range and never learns where the range lies. Any
 * vCPU may call at any time, so a device guards its own state.
 */
public interface BusDevice {
    /**
     * Reads a register.
     *
     * @param offset bytes from the start of the device's range
     * @param size 1, 2, 4 or 8 bytes
     * @return the value, zero-extended; where nothing answers, all ones of that size
     */
    long read(int offset, int size);

    /**
     * Writes a register.
     *
     * @param offset bytes from the start of the device's range
     * @param size 1, 2, 4 or 8 bytes
     * @param value the value in the low {@code size} bytes, upper bits zero
     */
    void write(int offset, int size, long value);
}
