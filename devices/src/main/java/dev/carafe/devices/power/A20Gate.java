package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.SavedState;

/**
 * The A20 mask with its two masters, port 92h and the keyboard controller: address line 20 is open
 * while either opens it. It starts open through port 92h, as firmware leaves it.
 */
public final class A20Gate implements Stateful<A20Gate.State> {
    private static final int STATE_VERSION = 1;

    private final InterruptLine output;
    private boolean fast = true; // guarded by this
    private boolean keyboard; // guarded by this

    /** Makes an open gate. {@code output} hears whether A20 is open. */
    public A20Gate(InterruptLine output) {
        this.output = output;
    }

    /** Whether address line 20 is open. */
    public synchronized boolean open() {
        return fast || keyboard;
    }

    /** Port 92h's vote. */
    public synchronized void setFast(boolean value) {
        fast = value;
        output.set(open());
    }

    /** The keyboard controller's vote. */
    public synchronized void setKeyboard(boolean value) {
        keyboard = value;
        output.set(open());
    }

    synchronized boolean fast() {
        return fast;
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, fast, keyboard);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "A20 gate");
        fast = state.fast;
        keyboard = state.keyboard;
        output.set(open());
    }

    /** Both votes. */
    public record State(int version, boolean fast, boolean keyboard) {}
}
