package dev.carafe.devices.dma;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.util.function.IntConsumer;

/** Port 80h: shows power-on self-test codes, keeps the last one, and serves as a short delay. */
public final class PostPort implements ByteDevice, Stateful<PostPort.State> {
    private static final int STATE_VERSION = 1;

    private final IntConsumer display;
    private int code; // guarded by this

    /** Makes the port; {@code display} hears each code that differs from the one before. */
    public PostPort(IntConsumer display) {
        this.display = display;
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset == 0 ? code : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == 0 && value != code) {
            code = value;
            display.accept(value);
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, code);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "POST port");
        code = state.code;
    }

    /** The last code. */
    public record State(int version, int code) {}
}
