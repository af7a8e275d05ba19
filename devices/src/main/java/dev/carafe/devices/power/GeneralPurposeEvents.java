package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * A GPE block (ACPI 6.5, "General-Purpose Event Register Blocks"): status bytes, which nothing ever
 * sets, then as many enable bytes.
 */
public final class GeneralPurposeEvents
        implements ByteDevice, Stateful<GeneralPurposeEvents.State> {
    private static final int STATE_VERSION = 1;
    private static final int LARGEST = 16;

    private final int half;
    private long enables; // guarded by this

    /** Makes a block of {@code length} bytes, an even number up to 16. */
    public GeneralPurposeEvents(int length) {
        if (length < 2 || length > LARGEST || (length & 1) != 0) {
            throw new IllegalArgumentException("GPE block of " + length + " bytes");
        }
        half = length / 2;
    }

    @Override
    public synchronized int readByte(int offset) {
        if (offset < 0 || offset >= 2 * half) {
            return NOTHING;
        }
        return offset < half ? 0 : (int) (enables >>> 8 * (offset - half)) & 0xFF;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset >= half && offset < 2 * half) {
            int shift = 8 * (offset - half);
            enables = enables & ~(0xFFL << shift) | (long) value << shift;
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, enables);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "GPE block");
        enables = state.enables;
    }

    /** The enable bytes, lowest first. */
    public record State(int version, long enables) {}
}
