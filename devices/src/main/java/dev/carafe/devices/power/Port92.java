package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * Port 92h, fast A20 and INIT (ICH9 data sheet, "PORT92"): a rising INIT_NOW resets the processors,
 * bit 1 opens A20.
 */
public final class Port92 implements ByteDevice, Stateful<Port92.State> {
    private static final int STATE_VERSION = 1;
    private static final int INIT_NOW = 0x01;
    private static final int ALT_A20 = 0x02;

    private final A20Gate a20;
    private final Runnable init;
    private boolean initNow; // guarded by this

    /**
     * Makes the port.
     *
     * @param init resets the processors but not the devices; called under this device's lock
     */
    public Port92(A20Gate a20, Runnable init) {
        this.a20 = a20;
        this.init = init;
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset == 0 ? (initNow ? INIT_NOW : 0) | (a20.fast() ? ALT_A20 : 0) : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset != 0) {
            return;
        }
        boolean was = initNow;
        initNow = (value & INIT_NOW) != 0;
        a20.setFast((value & ALT_A20) != 0);
        if (initNow && !was) {
            init.run();
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, initNow);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "port 92h");
        initNow = state.initNow;
    }

    /** Bit 0; bit 1 is part of the A20 gate's state. */
    public record State(int version, boolean initNow) {}
}
