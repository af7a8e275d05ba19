package dev.carafe.tools.monitor;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last commands of one person. */
final class History {
    private static final int MOST = 64;

    private final Deque<String> lines = new ArrayDeque<>();

    /** Adds a line, unless it is what was typed last. */
    void add(String line) {
        if (line.isBlank() || line.equals(lines.peekLast())) {
            return;
        }
        lines.add(line);
        if (lines.size() > MOST) {
            lines.remove();
        }
    }

    String text() {
        StringBuilder out = new StringBuilder();
        int number = 0;
        for (String line : lines) {
            out.append(number++).append(": '").append(line).append("'\n");
        }
        return out.toString();
    }
}
