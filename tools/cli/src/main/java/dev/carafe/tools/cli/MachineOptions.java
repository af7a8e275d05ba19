package dev.carafe.tools.cli;

import dev.carafe.tools.board.Configuration;
import java.util.List;

/** The machine that a command line describes, for programs that run machines themselves. */
public final class MachineOptions {
    private MachineOptions() {}

    /**
     * Reads options as behind {@code carafe}. What {@code -d} chooses is logged as the program that
     * calls has set up its log; where that is Logback, the rest is not.
     *
     * @throws IllegalArgumentException when they cannot be obeyed, in one sentence for the user
     */
    public static Configuration parse(List<String> options) {
        try {
            if (OptionParser.parse(options) instanceof Request.Boot boot) {
                LogSetup.selectIfLogback(boot.configuration().log().items());
                return boot.configuration();
            }
        } catch (UsageError e) {
            throw new IllegalArgumentException(e.getMessage());
        }
        throw new IllegalArgumentException(String.join(" ", options) + ": no machine is described");
    }
}
