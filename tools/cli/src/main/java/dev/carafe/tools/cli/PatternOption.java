package dev.carafe.tools.cli;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code --expect REGEX} and {@code --fail-on REGEX}. */
final class PatternOption {
    private PatternOption() {}

    static Pattern parse(String option, String value) {
        if (value.isEmpty()) {
            throw new UsageError(option + ": the expression is empty");
        }
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw UsageError.of(
                    option, value, "not a regular expression: " + e.getDescription() + where);
        }
    }
}
