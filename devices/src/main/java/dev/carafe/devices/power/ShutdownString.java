package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * Port 8900h of Bochs: the characters of "Shutdown", written one after the other, switch the
 * machine off.
 */
public final class ShutdownString implements ByteDevice, Stateful<ShutdownString.State> {
    private static final int STATE_VERSION = 1;
    private static final String WORD = "Shutdown";

    private final MachineControl machine;
    private int matched; // characters so far; guarded by this

    public ShutdownString(MachineControl machine) {
        this.machine = machine;
    }

    @Override
    public int readByte(int offset) {
        return NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset != 0) {
            return;
        }
        if (value != WORD.charAt(matched)) {
            matched = value == WORD.charAt(0) ? 1 : 0;
            return;
        }
        matched++;
        if (matched == WORD.length()) {
            matched = 0;
            machine.powerOff();
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, matched);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "shutdown string port");
        matched = state.matched;
    }

    /** How many characters have matched. */
    public record State(int version, int matched) {}
}
