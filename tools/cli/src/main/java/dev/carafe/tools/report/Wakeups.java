package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;

/** What could still interrupt a processor; asked while the machine stands still. */
public interface Wakeups {
    /** Whether anything may interrupt this processor, now or later; in doubt, yes. */
    boolean possible(Cpu cpu);

    /**
     * The vector in service that keeps another one, which is due, from this processor, or -1: its
     * handler has sent no EOI.
     */
    int blockedBy(Cpu cpu);

    /** Whether the processor's timer was started and its entry of the vector table is masked. */
    boolean timerMasked(Cpu cpu);
}
