package dev.carafe.core.machine;

import dev.carafe.core.cpu.Events;

/** What one vCPU does when the machine goes on. */
public sealed interface Motion {
    /** It executes. */
    record Run() implements Motion {}

    /** It stands still, whatever the others do; events for it wait. */
    record Hold() implements Motion {}

    /**
     * It executes one instruction, or more while they lie in a range; then the machine stops.
     *
     * @param start linear address of the range's first byte; RIP in 64-bit mode
     * @param end behind the range; equal to {@code start} for one instruction
     * @param interrupts whether interrupts are taken in between
     * @param timers whether deadlines of timers expire in between; the clock goes on anyway
     */
    record Step(long start, long end, boolean interrupts, boolean timers) implements Motion {
        boolean goesOnAt(long rip) {
            return Long.compareUnsigned(rip - start, end - start) < 0;
        }

        int maskedEvents() {
            return interrupts ? 0 : Events.INTERRUPT | Events.NMI | Events.SMI;
        }
    }

    Motion RUN = new Run();
    Motion HOLD = new Hold();

    /** One instruction, nothing else. */
    Motion STEP = new Step(0, 0, false, false);
}
