package dev.carafe.tools.monitor;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of bytes into JSON values, wherever the stream's pieces begin and end. It knows
 * brackets and strings only; what a value means, and whether it is one, is the parser's business.
 *
 * <p>Used by one thread.
 */
final class JsonSplitter {
    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 512;

    private final StringBuilder value = new StringBuilder();
    private int depth;
    private char quote; // 0 outside strings
    private boolean escaped;
    private boolean skipping; // until the line ends: the value was too long

    /** Takes a piece of the stream; returns the values that end in it. */
    List<String> take(String piece) {
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < piece.length(); i++) {
            take(piece.charAt(i), ended);
        }
        return ended;
    }

    private void take(char c, List<String> ended) {
        if (skipping) {
            skipping = c != '\n';
            return;
        }
        boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (depth == 0 && quote == 0 && blank) {
            end(ended);
            return;
        }
        value.append(c);
        if (value.length() > LONGEST || depth > DEEPEST) {
            skipping = c != '\n';
            value.setLength(LONGEST / 1024);
            end(ended);
        } else if (quote != 0) {
            inString(c, ended);
        } else {
            outside(c, ended);
        }
    }

    private void inString(char c, List<String> ended) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == quote || c == '\n') {
            quote = 0; // a string does not go on in the next line: the parser complains
            if (depth == 0 || c == '\n') {
                end(ended);
            }
        }
    }

    private void outside(char c, List<String> ended) {
        switch (c) {
            case '"', '\'' -> quote = c;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                if (--depth <= 0) {
                    end(ended);
                }
            }
            default -> {}
        }
    }

    private void end(List<String> ended) {
        if (!value.isEmpty()) {
            ended.add(value.toString());
        }
        value.setLength(0);
        depth = 0;
        quote = 0;
        escaped = false;
    }
}
