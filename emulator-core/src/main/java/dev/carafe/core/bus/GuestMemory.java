package dev.carafe.core.bus;

/**
 * Physical memory as a device or a loader sees it: byte ranges of RAM. Bytes outside RAM read as
 * ones and are not written.
 */
public interface GuestMemory {
    /** Fills {@code into} from physical memory. */
    void read(long physical, byte[] into);

    /** Copies {@code from} to physical memory, and drops what was decoded from there. */
    void write(long physical, byte[] from);
}
