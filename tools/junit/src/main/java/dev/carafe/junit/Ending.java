package dev.carafe.junit;

/**
 * How a machine's run ended.
 *
 * @param kind what happened
 * @param exitCode what the same run gives as the process's exit code
 * @param report what Carafe said about it, whole lines, or empty
 */
public record Ending(Kind kind, int exitCode, String report) {
    /** What happened. */
    public enum Kind {
        /** The guest switched the machine off. */
        POWER_OFF,
        /** The guest reset the machine, or forced that by an empty IDT. */
        RESET,
        /** The guest wrote to isa-debug-exit. */
        EXIT,
        /** A processor could not deliver a double fault. */
        TRIPLE_FAULT,
        /** No processor can ever go on. */
        DEAD_MACHINE,
        /** So many instructions were executed as the test allows. */
        LIMIT,
        /** The test ended the machine. */
        CLOSED,
        /** A defect of Carafe. */
        INTERNAL_ERROR
    }

    /** Whether the guest did not mean it. */
    public boolean isFailure() {
        return kind == Kind.TRIPLE_FAULT
                || kind == Kind.DEAD_MACHINE
                || kind == Kind.LIMIT
                || kind == Kind.INTERNAL_ERROR;
    }
}
