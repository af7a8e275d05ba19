package dev.carafe.devices;

import dev.carafe.core.interrupt.InterruptLine;

/** A wire that remembers its level and counts rising edges. */
public final class RecordingLine implements InterruptLine {
    private boolean level;
    private int edges;

    @Override
    public synchronized void set(boolean asserted) {
        if (asserted && !level) {
            edges++;
        }
        level = asserted;
    }

    public synchronized boolean level() {
        return level;
    }

    /** Rising edges since the last call. */
    public synchronized int takeEdges() {
        int count = edges;
        edges = 0;
        return count;
    }
}
