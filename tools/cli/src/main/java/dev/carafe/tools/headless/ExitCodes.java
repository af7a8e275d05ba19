package dev.carafe.tools.headless;

import dev.carafe.tools.board.Outcome;

/**
 * The process's exit codes. A guest's isa-debug-exit makes only odd ones, so the even ones are
 * Carafe's own verdicts; none is 126 or more except by the guest's own choice.
 */
public final class ExitCodes {
    /** The guest switched the machine off, or reset it under -no-reboot, or the person ended it. */
    public static final int SUCCESS = 0;

    /** A command line that cannot be obeyed, or a file that cannot be used. */
    public static final int USAGE = 1;

    /** An error of Carafe's own. */
    public static final int INTERNAL = 70;

    /** A triple fault that was not meant as a reset. */
    public static final int TRIPLE_FAULT = 112;

    /** No processor can ever run again. */
    public static final int DEAD_MACHINE = 114;

    /** The guest said what it must not, or has not said what it should. */
    public static final int EXPECTATION = 118;

    /** A limit of time or instructions was reached. */
    public static final int LIMIT = 124;

    private static final int HOST_BITS = 0xFF; // a process's exit code has eight bits

    private ExitCodes() {}

    /** Whether a code says that Carafe, and not the guest, found something wrong. */
    public static boolean isVerdict(int code) {
        return code == TRIPLE_FAULT || code == DEAD_MACHINE || code == LIMIT || code == INTERNAL;
    }

    /**
     * The code for the end of a run.
     *
     * @param likeQemu whether a triple fault is a reset like any other, and ends with 0
     */
    public static int of(Outcome outcome, boolean likeQemu) {
        return switch (outcome) {
            case Outcome.PowerOff() -> SUCCESS;
            case Outcome.Reset() -> SUCCESS;
            case Outcome.Quit() -> SUCCESS;
            case Outcome.Exit(int code) -> code & HOST_BITS;
            case Outcome.TripleFault(boolean deliberate, String _) ->
                    deliberate || likeQemu ? SUCCESS : TRIPLE_FAULT;
            case Outcome.DeadMachine(String _) -> DEAD_MACHINE;
            case Outcome.Limit(String _) -> LIMIT;
            case Outcome.InternalError(String _) -> INTERNAL;
        };
    }
}
