package dev.carafe.tools.cli;

/** Numbers as people type them. */
final class Numbers {
    private Numbers() {}

    /** A count: decimal digits only. Too large a number is a large one. */
    static int count(String option, String value, String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw UsageError.of(option, value, "'" + text + "' is not a number");
        }
        return text.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(text);
    }

    /** A limit: decimal digits, from 1. */
    static long limit(String option, String value) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = digits && value.length() <= 18 ? Long.parseLong(value) : 0;
        if (number == 0) {
            throw UsageError.of(option, value, "'" + value + "' is not a number from 1 on");
        }
        return number;
    }

    /** A seed: decimal, or with 0x. */
    static long seed(String option, String value) {
        try {
            return Long.decode(value);
        } catch (NumberFormatException e) {
            throw UsageError.of(option, value, "'" + value + "' is not a number");
        }
    }

    /**
     * A port or another register number, decimal or with 0x, from {@code least} to {@code most}.
     */
    static int register(String option, String value, String text, int least, int most) {
        long number;
        try {
            number = Long.decode(text);
        } catch (NumberFormatException e) {
            throw UsageError.of(option, value, "'" + text + "' is not a number");
        }
        if (number < least || number > most) {
            String range = "0x" + Integer.toHexString(least) + " to 0x" + Integer.toHexString(most);
            throw UsageError.of(option, value, "'" + text + "' is not in the range " + range);
        }
        return (int) number;
    }
}
