package dev.carafe.tools.suite;

import java.util.List;
import java.util.stream.Collectors;

/** Command lines as a person can paste them. */
final class Shell {
    private Shell() {}

    static String line(List<String> options) {
        return "carafe " + options.stream().map(Shell::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return word.matches("[\\w./:,=+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
