package dev.carafe.devices.power;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.devices.AccessSize;

/**
 * A 16-bit port of older virtual machines where one value switches the machine off: B004h with
 * 2000h, 4004h with 3400h.
 */
public final class ShutdownPort implements BusDevice {
    private final int off;
    private final MachineControl machine;

    public ShutdownPort(int off, MachineControl machine) {
        this.off = off;
        this.machine = machine;
    }

    @Override
    public long read(int offset, int size) {
        return AccessSize.allOnes(size);
    }

    @Override
    public void write(int offset, int size, long value) {
        if (offset == 0 && size >= Short.BYTES && (value & 0xFFFF) == off) {
            machine.powerOff();
        }
    }
}
