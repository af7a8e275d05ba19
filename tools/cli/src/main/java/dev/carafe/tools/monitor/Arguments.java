package dev.carafe.tools.monitor;

import java.util.function.UnaryOperator;

/**
 * The words after a command, read from left to right. The grammar is that of QEMU's monitor.
 *
 * <p>Used by one command.
 */
final class Arguments {
    private final String command;
    private final String text;
    private final Expression.Registers registers;
    private int at;

    Arguments(String command, String text, Expression.Registers registers) {
        this.command = command;
        this.text = text;
        this.registers = registers;
    }

    boolean hasMore() {
        skipBlanks();
        return at < text.length();
    }

    /** The next character, or 0 at the end. */
    private char peek() {
        skipBlanks();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** {@code /fmt}, or what the defaults are. */
    Format format(Format defaults) throws MonitorError {
        if (peek() != '/') {
            return defaults;
        }
        int start = ++at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return Format.parse(text.substring(start, at), defaults);
    }

    long integer() throws MonitorError {
        Expression expression = new Expression(text, at, registers);
        long value = expression.value();
        at = expression.end();
        return value;
    }

    long integer(long otherwise) throws MonitorError {
        return hasMore() ? integer() : otherwise;
    }

    /** A word, or text in quotation marks. */
    String word(String what) throws MonitorError {
        if (!hasMore()) {
            throw MonitorError.usage(command + ": " + what + " expected");
        }
        if (text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() throws MonitorError {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = unescaped(text.charAt(++at));
            }
            out.append(c);
        }
        throw MonitorError.usage(command + ": unterminated string");
    }

    private char unescaped(char c) throws MonitorError {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '\\', '\'', '"' -> c;
            default -> throw MonitorError.usage("unsupported escape code: '\\" + c + "'");
        };
    }

    /** Whether {@code -x} comes next; it is taken then. Other letters are refused. */
    boolean option(char letter) throws MonitorError {
        if (peek() != '-' || at + 1 >= text.length() || Character.isDigit(text.charAt(at + 1))) {
            return false;
        }
        if (text.charAt(at + 1) != letter) {
            throw MonitorError.usage(command + ": unsupported option -" + text.charAt(at + 1));
        }
        at += 2;
        return true;
    }

    /** The rest of the line. */
    String rest(UnaryOperator<String> change) {
        skipBlanks();
        String rest = change.apply(text.substring(at));
        at = text.length();
        return rest;
    }

    void end(String names) throws MonitorError {
        if (hasMore()) {
            throw MonitorError.usage(names + ": extraneous characters at the end of line");
        }
    }
}
