package dev.carafe.tools.monitor;

import dev.carafe.tools.console.Receiver;

/** The monitor that shares a terminal with the guest: Ctrl-A c switches between them. */
public final class SwitchedMonitor {
    private final TerminalMonitor monitor;

    SwitchedMonitor(TerminalMonitor monitor) {
        this.monitor = monitor;
    }

    /** The keys are the monitor's from now on: what takes them. */
    public Receiver begin() {
        monitor.begin();
        return monitor;
    }
}
