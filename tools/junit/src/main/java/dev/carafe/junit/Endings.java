package dev.carafe.junit;

import dev.carafe.junit.Ending.Kind;
import dev.carafe.tools.board.Outcome;
import dev.carafe.tools.headless.ExitCodes;

/** Endings as tests see them. */
final class Endings {
    private Endings() {}

    static Ending of(Outcome outcome) {
        int code = ExitCodes.of(outcome, false);
        return switch (outcome) {
            case Outcome.PowerOff() -> new Ending(Kind.POWER_OFF, code, "");
            case Outcome.Reset() -> new Ending(Kind.RESET, code, "");
            case Outcome.Exit(int _) -> new Ending(Kind.EXIT, code, "");
            case Outcome.Quit() -> new Ending(Kind.CLOSED, code, "");
            case Outcome.TripleFault(boolean deliberate, String report) ->
                    new Ending(deliberate ? Kind.RESET : Kind.TRIPLE_FAULT, code, report);
            case Outcome.DeadMachine(String report) -> new Ending(Kind.DEAD_MACHINE, code, report);
            case Outcome.Limit(String report) -> new Ending(Kind.LIMIT, code, report);
            case Outcome.InternalError(String report) ->
                    new Ending(Kind.INTERNAL_ERROR, code, report);
        };
    }
}
