package dev.carafe.tools.cli;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.tools.board.Configuration;
import java.util.List;

/**
 * What command lines come to. Options stand in one string; a tilde separates words where a value
 * has spaces.
 */
final class Parsed {
    private Parsed() {}

    static Request parse(String options) {
        String separator = options.contains("~") ? "~" : " ";
        List<String> words = options.isEmpty() ? List.of() : List.of(options.split(separator, -1));
        return OptionParser.parse(
                separator.equals(" ")
                        ? words.stream().filter(word -> !word.isEmpty()).toList()
                        : words);
    }

    static Configuration configuration(String options) {
        return assertInstanceOf(Request.Boot.class, parse(options)).configuration();
    }

    static String printed(String options) {
        return assertInstanceOf(Request.Print.class, parse(options)).text();
    }

    static String refusal(String options) {
        return assertThrows(UsageError.class, () -> parse(options)).getMessage();
    }
}
