package dev.carafe.tools.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A test as the suite describes it, on top of the suite's defaults; one becomes many runs. */
final class TestSpec {
    private static final Set<String> KEYS =
            Set.of(
                    "name",
                    "kernel",
                    "kernels",
                    "append",
                    "smp",
                    "options",
                    "variants",
                    "expect",
                    "fail-on",
                    "exit-code",
                    "limit-seconds",
                    "limit-instructions",
                    "tap",
                    "repeat",
                    "skip");
    private static final long MOST_SECONDS = 24 * 3600;
    private static final int MOST_CPUS = 255;
    private static final int MOST_REPEATS = 100_000;

    String name = "";
    List<String> kernels = List.of();
    String append; // null: none
    List<Integer> cpus = List.of(1);
    boolean namesCpus;
    List<String> options = new ArrayList<>();
    Map<String, List<String>> variants = new LinkedHashMap<>();
    List<Pattern> expect = List.of();
    List<Pattern> failOn = new ArrayList<>();
    List<Integer> exitCodes = List.of();
    long limitSeconds = 60;
    OptionalLong limitInstructions = OptionalLong.empty();
    Case.Tap tap = Case.Tap.AUTO;
    int repeat = 1;
    String skip = "";
    int line;

    /** A copy of the defaults. */
    TestSpec with(TestSpec defaults) {
        kernels = defaults.kernels;
        append = defaults.append;
        cpus = defaults.cpus;
        namesCpus = defaults.namesCpus;
        options = new ArrayList<>(defaults.options);
        variants = new LinkedHashMap<>(defaults.variants);
        expect = defaults.expect;
        failOn = new ArrayList<>(defaults.failOn);
        exitCodes = defaults.exitCodes;
        limitSeconds = defaults.limitSeconds;
        limitInstructions = defaults.limitInstructions;
        tap = defaults.tap;
        repeat = defaults.repeat;
        skip = defaults.skip;
        return this;
    }

    TestSpec read(YamlValue test) throws SuiteError {
        line = test.line();
        for (Map.Entry<String, YamlValue> each : test.map().entrySet()) {
            if (!KEYS.contains(each.getKey())) {
                throw each.getValue()
                        .wrong(
                                "it is none of "
                                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
            take(each.getKey(), each.getValue());
        }
        return this;
    }

    private void take(String key, YamlValue value) throws SuiteError {
        switch (key) {
            case "name" -> name = value.text();
            case "kernel", "kernels" -> kernels = texts(value);
            case "append" -> append = value.text();
            case "smp" -> {
                cpus = numbers(value, 1, MOST_CPUS);
                namesCpus = true;
            }
            case "options" -> options.addAll(Words.of(value));
            case "variants" -> variants = variants(value);
            case "expect" -> expect = patterns(value);
            case "fail-on" -> {
                List<Pattern> more = patterns(value);
                if (more.isEmpty()) {
                    failOn.clear(); // an empty list takes back the defaults
                }
                failOn.addAll(more);
            }
            case "exit-code" -> exitCodes = numbers(value, 0, 255);
            case "limit-seconds" -> limitSeconds = value.number(1, MOST_SECONDS);
            case "limit-instructions" ->
                    limitInstructions = OptionalLong.of(value.number(1, Long.MAX_VALUE));
            case "tap" -> tap = tap(value);
            case "repeat" -> repeat = (int) value.number(1, MOST_REPEATS);
            case "skip" -> skip = skip(value);
            default -> throw new AssertionError("key " + key + " has no arm");
        }
    }

    private static Case.Tap tap(YamlValue value) throws SuiteError {
        return switch (value.text()) {
            case "auto" -> Case.Tap.AUTO;
            case "true", "yes", "on" -> Case.Tap.REQUIRED;
            case "false", "no", "off" -> Case.Tap.IGNORED;
            default -> throw value.wrong("'" + value.text() + "' is none of true, false, auto");
        };
    }

    private static String skip(YamlValue value) throws SuiteError {
        return switch (value.text()) {
            case "", "false", "no", "off" -> "";
            case "true", "yes", "on" -> "skipped in the suite";
            default -> value.text();
        };
    }

    private static Map<String, List<String>> variants(YamlValue value) throws SuiteError {
        Map<String, List<String>> variants = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> each : value.map().entrySet()) {
            variants.put(each.getKey(), Words.of(each.getValue()));
        }
        return variants;
    }

    private static List<String> texts(YamlValue value) throws SuiteError {
        List<String> texts = new ArrayList<>();
        for (YamlValue item : value.list()) {
            texts.add(item.text());
        }
        return texts;
    }

    private static List<Integer> numbers(YamlValue value, int least, int most) throws SuiteError {
        List<Integer> numbers = new ArrayList<>();
        for (YamlValue item : value.list()) {
            numbers.add((int) item.number(least, most));
        }
        return numbers;
    }

    private static List<Pattern> patterns(YamlValue value) throws SuiteError {
        List<Pattern> patterns = new ArrayList<>();
        for (YamlValue item : value.list()) {
            try {
                patterns.add(Pattern.compile(item.text()));
            } catch (PatternSyntaxException e) {
                throw item.wrong(
                        "'" + item.text() + "' is not a regular expression: " + e.getDescription());
            }
        }
        return patterns;
    }
}
