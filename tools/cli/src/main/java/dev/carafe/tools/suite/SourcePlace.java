package dev.carafe.tools.suite;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a source file, for a code host to point at.
 *
 * @param file as the guest's compiler, or the suite, names it
 */
record SourcePlace(String file, int line) {
    private static final Pattern PLACE =
            Pattern.compile(
                    "([\\w./+-]+\\.(?:c|h|cc|cpp|hpp|rs|zig|S|s|asm|nim|d|go)):(\\d{1,7})\\b");

    static SourcePlace of(Case test) {
        return new SourcePlace(relative(test.file()), test.line());
    }

    /**
     * The first place that is named in what Carafe reported, else the last in what the guest said
     * that is a file here, else the suite's own line.
     */
    static SourcePlace find(Case test, String messages, String serial) {
        Matcher reported = PLACE.matcher(messages);
        if (reported.find()) {
            return place(reported);
        }
        SourcePlace last = of(test);
        Matcher said = PLACE.matcher(serial);
        while (said.find()) {
            if (exists(test, said.group(1))) {
                last = place(said);
            }
        }
        return last;
    }

    private static SourcePlace place(Matcher matcher) {
        return new SourcePlace(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    private static boolean exists(Case test, String name) {
        try {
            return Files.exists(Path.of(name))
                    || Files.exists(test.file().toAbsolutePath().resolveSibling(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String relative(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute).toString() : file.toString();
    }
}
