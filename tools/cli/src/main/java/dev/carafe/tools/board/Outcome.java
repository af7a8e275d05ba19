package dev.carafe.tools.board;

/** How a machine's run ended. */
public sealed interface Outcome {
    /** The guest switched the machine off. */
    record PowerOff() implements Outcome {}

    /** The guest reset the machine. */
    record Reset() implements Outcome {}

    /** The guest asked for an exit code. */
    record Exit(int code) implements Outcome {}

    /** The person ended the run. */
    record Quit() implements Outcome {}

    /**
     * A processor met a fault that it could not deliver, nor the double fault that followed.
     *
     * @param deliberate whether the guest had emptied its IDT just before, to force a reset
     * @param report which processor, which faults and why; whole lines
     */
    record TripleFault(boolean deliberate, String report) implements Outcome {}

    /**
     * No processor can ever run again: all are halted, and nothing is armed or attached that could
     * wake one.
     */
    record DeadMachine(String report) implements Outcome {}

    /** A limit of time or instructions was reached. */
    record Limit(String report) implements Outcome {}

    /** An error of Carafe's own stopped the machine. */
    record InternalError(String report) implements Outcome {}
}
