package dev.carafe.devices.power;

import dev.carafe.core.bus.BusDevice;

/**
 * The isa-debug-exit port of test machines: a write of v ends the emulator with exit code 2v + 1.
 * Reads give 0.
 */
public final class DebugExit implements BusDevice {
    private final MachineControl machine;

    public DebugExit(MachineControl machine) {
        this.machine = machine;
    }

    @Override
    public long read(int offset, int size) {
        return 0;
    }

    @Override
    public void write(int offset, int size, long value) {
        machine.exit((int) value << 1 | 1);
    }
}
