package dev.carafe.tools.monitor;

import java.util.List;

/**
 * A command of the human monitor.
 *
 * @param names the name, then others for the same
 * @param parameters as the help text shows them, or an empty string
 * @param help what it does
 */
record Command(List<String> names, String parameters, String help, Action action) {
    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /** What is printed: whole lines, or nothing. */
        String run(Arguments arguments) throws MonitorError;
    }

    static Command of(String names, String parameters, String help, Action action) {
        return new Command(List.of(names.split("\\|")), parameters, help, action);
    }

    /** Its names as the help text and error messages show them. */
    String shown() {
        return String.join("|", names);
    }

    /** The line that help prints. */
    String helpLine(String before) {
        return before + shown() + " " + parameters + " -- " + help + "\n";
    }
}
