package dev.carafe.devices.pit;

import dev.carafe.core.bus.Stateful;
import dev.carafe.core.time.Clock;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * Port 61h, NMI status and control (ICH9 data sheet, "NMI_SC"): gate of timer counter 2, speaker,
 * refresh toggle, OUT2.
 *
 * <p>Not modelled: sound; SERR# and IOCHK# (their enables are stored, their status reads 0).
 */
public final class PortB implements ByteDevice, Stateful<PortB.State> {
    private static final int STATE_VERSION = 1;
    private static final int GATE2 = 0x01;
    private static final int WRITABLE = 0x0F;
    private static final int REFRESH = 0x10;
    private static final int OUT2 = 0x20;
    private static final long REFRESH_NANOS = 15_085; // counter 1 at 18 clocks

    private final Pit8254 pit;
    private final Clock clock;
    private int enables; // bits 3:0; guarded by this

    public PortB(Pit8254 pit, Clock clock) {
        this.pit = pit;
        this.clock = clock;
    }

    @Override
    public synchronized int readByte(int offset) {
        if (offset != 0) {
            return NOTHING;
        }
        boolean refresh = (clock.now() / REFRESH_NANOS & 1) != 0;
        return enables | (refresh ? REFRESH : 0) | (pit.speakerOut() ? OUT2 : 0);
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == 0) {
            enables = value & WRITABLE;
            pit.setSpeakerGate((value & GATE2) != 0);
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, enables);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "port 61h");
        enables = state.enables;
    }

    /** Bits 3:0 of the port; the gate itself is part of the 8254's state. */
    public record State(int version, int enables) {}
}
