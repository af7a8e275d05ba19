package dev.carafe.tools.cli;

/**
 * The user asked for something that cannot be: one sentence that names the value. Ends with exit
 * code 1.
 */
final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageError(String sentence) {
        super(sentence, null, false, false);
    }

    /** For the value of an option, both as they were typed. */
    static UsageError of(String option, String value, String reason) {
        return new UsageError(option + " " + value + ": " + reason);
    }
}
