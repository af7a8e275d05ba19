package dev.carafe.tools.cli;

import dev.carafe.tools.board.Configuration;
import java.util.List;

/** What a command line asks for. */
sealed interface Request {
    /**
     * Boot a machine.
     *
     * @param configuration the machine
     * @param run what the host's side does with it
     * @param warnings one sentence for each thing that was accepted without effect
     */
    record Boot(Configuration configuration, RunOptions run, List<String> warnings)
            implements Request {}

    /** Print a text to standard output, successfully. */
    record Print(String text) implements Request {}
}
