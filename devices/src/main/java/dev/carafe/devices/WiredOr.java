package dev.carafe.devices;

import dev.carafe.core.interrupt.InterruptLine;

/**
 * Several devices on one wire, such as COM1 and COM3 on IRQ 4: it is asserted while any of them
 * asserts its input.
 */
public final class WiredOr {
    private final InterruptLine output;
    private int asserting; // inputs now asserted; guarded by this

    public WiredOr(InterruptLine output) {
        this.output = output;
    }

    /** A new input. */
    public InterruptLine input() {
        return new Input();
    }

    private final class Input implements InterruptLine {
        private boolean level; // guarded by the wire

        @Override
        public void set(boolean asserted) {
            synchronized (WiredOr.this) {
                if (level != asserted) {
                    level = asserted;
                    asserting += asserted ? 1 : -1;
                    output.set(asserting > 0);
                }
            }
        }
    }
}
