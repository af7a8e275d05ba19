package dev.carafe.tools.suite;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A line for each result; on a terminal also one below them that says what runs just now. */
final class ConsoleProgress implements SuiteListener {
    private static final int WIDTH = 78;
    private static final int SERIAL_LINES = 20;
    private static final String CLEAR = "\r\u001B[K";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean annotations;
    private final int total;
    private final Set<String> running = new LinkedHashSet<>(); // guarded by this, as what follows
    private int done;

    /**
     * @param annotations whether failures are also said in GitHub's words
     */
    ConsoleProgress(PrintStream out, boolean terminal, boolean annotations, int total) {
        this.out = out;
        this.terminal = terminal;
        this.annotations = annotations;
        this.total = total;
    }

    @Override
    public synchronized void started(Case test) {
        running.add(test.name());
        status();
    }

    @Override
    public synchronized void ended(CaseResult result) {
        running.remove(result.test().name());
        done++;
        if (terminal) {
            out.print(CLEAR);
        }
        print(result);
        status();
    }

    private void print(CaseResult result) {
        String name = result.test().name();
        switch (result.status()) {
            case PASSED ->
                    out.println("PASS  " + name + tap(result) + " (" + result.seconds() + " s)");
            case SKIPPED -> out.println("SKIP  " + name + ": " + result.reason());
            case FAILED -> {
                out.println("FAIL  " + name + " (" + result.seconds() + " s): " + result.reason());
                lastLines(result.messages(), "");
                lastLines(result.serial(), "| ");
                out.println("  again: " + Shell.line(CaseRun.options(result.test())));
                if (annotations) {
                    out.println(GitHubAnnotation.of(result));
                }
            }
        }
    }

    private static String tap(CaseResult result) {
        return result.tap().isEmpty() ? "" : ", " + result.tap().size() + " results";
    }

    private void lastLines(String text, String mark) {
        var lines = text.lines().toList();
        int from = Math.max(0, lines.size() - SERIAL_LINES);
        if (from > 0) {
            out.println("  " + mark + "... " + from + " lines before");
        }
        lines.subList(from, lines.size())
                .forEach(line -> out.println("  " + mark + printable(line)));
    }

    /** A guest may not move our terminal's cursor. */
    private static String printable(String line) {
        return line.replaceAll("\u001B\\[[0-9;?]*[ -/]*[@-~]", "").replaceAll("\\p{Cntrl}", "");
    }

    private void status() {
        if (!terminal) {
            return;
        }
        String names = running.stream().collect(Collectors.joining(", "));
        String line = "[" + done + "/" + total + "] " + names;
        out.print(CLEAR + (line.length() > WIDTH ? line.substring(0, WIDTH) : line));
        out.flush();
    }

    /** The end: nothing is left on the status line. */
    synchronized void finish(Summary summary) {
        if (terminal) {
            out.print(CLEAR);
        }
        out.println(summary.line());
    }
}
