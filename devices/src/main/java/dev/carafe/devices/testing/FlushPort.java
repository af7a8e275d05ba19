package dev.carafe.devices.testing;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.devices.AccessSize;

/**
 * The port of QEMU's pc-testdev that makes a hypervisor forget its mapping of the physical page
 * whose address is written. A guest must not notice; here there is nothing to forget, since RAM is
 * reached without a second translation. Reads give nothing.
 */
public final class FlushPort implements BusDevice {
    /** Makes the port. */
    public FlushPort() {}

    @Override
    public long read(int offset, int size) {
        return AccessSize.allOnes(size);
    }

    @Override
    public void write(int offset, int size, long value) {
        // nothing is remembered that could be forgotten
    }
}
