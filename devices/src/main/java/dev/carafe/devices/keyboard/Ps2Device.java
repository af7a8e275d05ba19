package dev.carafe.devices.keyboard;

import java.util.ArrayDeque;
import java.util.List;

/**
 * A device at the other end of a PS/2 cable: takes command bytes and queues answers. Guarded by the
 * lock of {@link Keyboard8042}.
 */
abstract sealed class Ps2Device permits Ps2Keyboard, Ps2Mouse {
    static final int ACKNOWLEDGE = 0xFA;
    static final int RESEND = 0xFE;
    static final int SELF_TEST_PASSED = 0xAA;
    static final int NO_ARGUMENT = 0;

    private static final int CAPACITY = 64;

    private final ArrayDeque<Integer> output = new ArrayDeque<>();
    private int awaiting = NO_ARGUMENT; // command whose argument comes next
    private boolean reporting;

    /** A byte from the host. */
    final void receive(int value) {
        int command = awaiting;
        awaiting = NO_ARGUMENT;
        if (command != NO_ARGUMENT && value < 0xE0) {
            argument(command, value);
        } else {
            command(value);
        }
    }

    abstract void command(int value);

    abstract void argument(int command, int value);

    final void awaitArgument(int command) {
        awaiting = command;
    }

    final void reply(int... bytes) {
        for (int value : bytes) {
            if (output.size() < CAPACITY) {
                output.add(value);
            }
        }
    }

    final boolean hasOutput() {
        return !output.isEmpty();
    }

    final int takeOutput() {
        return output.remove();
    }

    final void clearOutput() {
        output.clear();
    }

    final boolean reporting() {
        return reporting;
    }

    final void setReporting(boolean on) {
        reporting = on;
    }

    /**
     * A setting that the host can read back: the keyboard's scan code set, the mouse's resolution.
     */
    abstract int setting();

    abstract void setSetting(int value);

    final Ps2DeviceState save() {
        return new Ps2DeviceState(List.copyOf(output), awaiting, reporting, setting());
    }

    final void restore(Ps2DeviceState state) {
        output.clear();
        output.addAll(state.output());
        awaiting = state.awaiting();
        reporting = state.reporting();
        setSetting(state.setting());
    }
}
