package dev.carafe.tools.suite;

import dev.carafe.tools.suite.TapResult.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes results out of a console: TAP 13 and 14 (subtests indented by four spaces) and the kernel's
 * KTAP (by two, or by diagnostics lines of Linux with time stamps before them). Everything else on
 * the console is passed over.
 */
final class TapParser {
    private static final Pattern TIME_STAMP = Pattern.compile("^(<\\d+>)?\\[ *\\d+\\.\\d+\\] ?");
    private static final Pattern VERSION = Pattern.compile("(?:TAP|KTAP) version \\d+");
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)\\s*(?:#\\s*(.*))?");
    private static final Pattern SUBTEST = Pattern.compile("#\\s*Subtest:\\s*(.+)");
    private static final Pattern RESULT =
            Pattern.compile("(not )?ok(?!\\S)\\s*(\\d+)?\\s*(?:- )?\\s*([^#]*?)\\s*(?:#\\s*(.*))?");
    private static final Pattern BAIL_OUT = Pattern.compile("Bail out!\\s*(.*)");

    private final List<TapResult> results = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> diagnostics = new ArrayList<>();
    private boolean announced;
    private String problem = "";

    /** A list of tests, indented the same. */
    private static final class Level {
        private final int indent;
        private int planned = -1;
        private int seen;
        private final int firstResult;

        private Level(int indent, int firstResult) {
            this.indent = indent;
            this.firstResult = firstResult;
        }
    }

    /** Reads a whole console. */
    static TapParser of(String console) {
        TapParser parser = new TapParser();
        console.lines().forEach(parser::line);
        parser.end();
        return parser;
    }

    List<TapResult> results() {
        return List.copyOf(results);
    }

    /** Whether a version line said that there are results. */
    boolean announced() {
        return announced;
    }

    /** What is wrong with the protocol itself, or empty. */
    String problem() {
        return problem;
    }

    private void line(String raw) {
        String line = TIME_STAMP.matcher(raw.replace("\r", "")).replaceFirst("");
        String text = line.strip();
        int indent = line.length() - line.stripLeading().length();
        if (VERSION.matcher(text).matches()) {
            announced = true;
            enter(indent);
            return;
        }
        if (!announced) {
            return;
        }
        Matcher matcher = BAIL_OUT.matcher(text);
        if (matcher.matches()) {
            problem = "Bail out! " + matcher.group(1);
            return;
        }
        matcher = SUBTEST.matcher(text);
        if (matcher.matches()) {
            enter(indent);
            return;
        }
        matcher = PLAN.matcher(text);
        if (matcher.matches()) {
            enter(indent).planned = Integer.parseInt(cut(matcher.group(1)));
            return;
        }
        matcher = RESULT.matcher(text);
        if (matcher.matches()) {
            result(indent, matcher);
        } else if (text.startsWith("#")) {
            diagnostics.add(text.substring(1).strip());
        }
    }

    private static String cut(String digits) {
        return digits.length() > 9 ? "999999999" : digits;
    }

    /** The level of this indentation; deeper ones are left, and a new one may begin. */
    private Level enter(int indent) {
        while (!levels.isEmpty() && levels.peek().indent > indent) {
            leave(levels.pop());
        }
        if (levels.isEmpty() || levels.peek().indent < indent) {
            levels.push(new Level(indent, results.size()));
        }
        return levels.peek();
    }

    private void leave(Level level) {
        if (level.planned >= 0 && level.seen != level.planned && problem.isEmpty()) {
            problem = level.planned + " tests were planned, " + level.seen + " have a result";
        }
    }

    private void result(int indent, Matcher matcher) {
        boolean hadSubtests = !levels.isEmpty() && levels.peek().indent > indent;
        int children = results.size();
        while (!levels.isEmpty() && levels.peek().indent > indent) {
            Level level = levels.pop();
            children = Math.min(children, level.firstResult);
            leave(level);
        }
        Level level = enter(indent);
        level.seen++;
        String name = matcher.group(3).isEmpty() ? "test " + level.seen : matcher.group(3);
        if (hadSubtests && children < results.size()) {
            prefix(children, name);
            if (matcher.group(1) == null || anyFailed(children)) {
                diagnostics.clear(); // the subtests say it all
                return;
            }
        }
        results.add(result(name, matcher.group(1) == null, matcher.group(4)));
        diagnostics.clear();
    }

    private boolean anyFailed(int from) {
        return results.subList(from, results.size()).stream()
                .anyMatch(result -> result.status() == Status.FAILED);
    }

    private void prefix(int from, String name) {
        for (int i = from; i < results.size(); i++) {
            TapResult child = results.get(i);
            results.set(
                    i, new TapResult(name + " > " + child.name(), child.status(), child.detail()));
        }
    }

    private TapResult result(String name, boolean ok, String directive) {
        String word = directive == null ? "" : directive.strip();
        String reason = word.replaceFirst("^\\S+\\s*", "");
        if (word.regionMatches(true, 0, "SKIP", 0, 4)) {
            return new TapResult(name, Status.SKIPPED, reason);
        }
        if (word.regionMatches(true, 0, "TODO", 0, 4)) {
            return new TapResult(name, Status.SKIPPED, "to do: " + reason);
        }
        return new TapResult(
                name, ok ? Status.PASSED : Status.FAILED, String.join("\n", diagnostics));
    }

    private void end() {
        while (!levels.isEmpty()) {
            leave(levels.pop());
        }
        if (announced && results.isEmpty() && problem.isEmpty()) {
            problem = "a version line, but no result";
        }
    }
}
