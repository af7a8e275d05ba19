package dev.carafe.tools.cli;

import dev.carafe.tools.headless.ExitCodes;
import java.util.Arrays;
import java.util.List;

/** The command. Its exit code says how the run ended. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Does what the command line asks for, and gives the exit code. */
    static int run(String[] arguments) {
        try {
            if (arguments.length == 0 || arguments[0].startsWith("-")) {
                return answer(OptionParser.parse(List.of(arguments)));
            }
            if (arguments[0].equals("run")) {
                return answer(
                        OptionParser.parseRun(
                                Arrays.asList(arguments).subList(1, arguments.length)));
            }
            if (isCommand(arguments[0])) {
                return Commands.run(arguments);
            }
            return answer(OptionParser.parse(List.of(arguments)));
        } catch (UsageError e) {
            return refuse(e.getMessage());
        }
    }

    /** Says why a command line cannot be obeyed. */
    static int refuse(String sentence) {
        Messages.error(sentence);
        return ExitCodes.USAGE;
    }

    private static boolean isCommand(String word) {
        return switch (word) {
            case "help", "verify", "version", "completion", "info", "doctor", "test" -> true;
            default -> false;
        };
    }

    static int answer(Request request) {
        if (request instanceof Request.Boot boot) {
            for (String warning : boot.warnings()) {
                Messages.warning(warning);
            }
            return BootCommand.run(boot);
        }
        System.out.print(((Request.Print) request).text());
        System.out.flush();
        return ExitCodes.SUCCESS;
    }
}
