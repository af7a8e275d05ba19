package dev.carafe.tools.report;

import java.util.List;
import java.util.Map;

/**
 * One thing said about a machine.
 *
 * @param kind stable: {@code triple-fault}, {@code dead-machine}, {@code hang}, {@code lint}, …
 * @param code stable name of the cause
 * @param cpu whom it is about, or -1
 * @param headline one line that says it all
 * @param lines the facts
 * @param facts the same for machines
 */
public record Report(
        String kind,
        String code,
        int cpu,
        String headline,
        List<String> lines,
        Map<String, Object> facts) {
    public static final int NOBODY = -1;

    public Report {
        lines = List.copyOf(lines);
    }

    /** Whole lines. */
    public String text() {
        StringBuilder out = new StringBuilder("carafe: ").append(headline).append('\n');
        for (String line : lines) {
            out.append("  ").append(line).append('\n');
        }
        return out.toString();
    }
}
