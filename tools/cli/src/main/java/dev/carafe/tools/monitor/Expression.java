package dev.carafe.tools.monitor;

import java.util.OptionalLong;

/**
 * Numbers, registers and arithmetic as QEMU's monitor reads them: {@code $esp+4*(2-1)}. Used once.
 */
final class Expression {
    private static final int DEEPEST = 64;

    /** Registers and symbols by name. */
    @FunctionalInterface
    interface Registers {
        OptionalLong value(String name);
    }

    private final String text;
    private final Registers registers;
    private int at;
    private int depth;

    Expression(String text, int start, Registers registers) {
        this.text = text;
        this.at = start;
        this.registers = registers;
    }

    long value() throws MonitorError {
        skip();
        return sum();
    }

    /** Where the expression ended. */
    int end() {
        return at;
    }

    private long sum() throws MonitorError {
        long value = logic();
        while (true) {
            switch (peek()) {
                case '+' -> {
                    next();
                    value += logic();
                }
                case '-' -> {
                    next();
                    value -= logic();
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private long logic() throws MonitorError {
        long value = product();
        while (true) {
            switch (peek()) {
                case '&' -> {
                    next();
                    value &= product();
                }
                case '|' -> {
                    next();
                    value |= product();
                }
                case '^' -> {
                    next();
                    value ^= product();
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private long product() throws MonitorError {
        long value = unary();
        while (true) {
            switch (peek()) {
                case '*' -> {
                    next();
                    value *= unary();
                }
                case '/' -> {
                    next();
                    value /= divisor();
                }
                case '%' -> {
                    next();
                    value %= divisor();
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private long divisor() throws MonitorError {
        long value = unary();
        if (value == 0) {
            throw MonitorError.usage("division by zero");
        }
        return value;
    }

    private long unary() throws MonitorError {
        if (++depth > DEEPEST) {
            throw MonitorError.usage("expression is nested too deeply");
        }
        try {
            return switch (peek()) {
                case '+' -> {
                    next();
                    yield unary();
                }
                case '-' -> {
                    next();
                    yield -unary();
                }
                case '~' -> {
                    next();
                    yield ~unary();
                }
                case '(' -> parenthesis();
                case '\'' -> character();
                case '$' -> register();
                case 0 -> throw MonitorError.usage("unexpected end of expression");
                default -> number();
            };
        } finally {
            depth--;
        }
    }

    private long parenthesis() throws MonitorError {
        next();
        long value = sum();
        if (peek() != ')') {
            throw MonitorError.usage("')' expected");
        }
        next();
        return value;
    }

    private long character() throws MonitorError {
        at++;
        if (at >= text.length()) {
            throw MonitorError.usage("character constant expected");
        }
        char value = text.charAt(at++);
        if (at >= text.length() || text.charAt(at) != '\'') {
            throw MonitorError.usage("missing terminating ' character");
        }
        next();
        return value;
    }

    private long register() throws MonitorError {
        int start = ++at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        OptionalLong value = registers.value(text.substring(start, at));
        if (value.isEmpty()) {
            throw MonitorError.usage("unknown register");
        }
        skip();
        return value.getAsLong();
    }

    private static boolean isNamePart(char c) {
        return c >= '0' && c <= '9'
                || c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c == '_'
                || c == '.';
    }

    private long number() throws MonitorError {
        int radix = 10;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            radix = 16;
            at += 2;
        } else if (text.charAt(at) == '0') {
            radix = 8;
        }
        int start = at;
        while (at < text.length() && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        if (at == start) {
            throw MonitorError.usage(
                    at < text.length()
                            ? "invalid char '" + text.charAt(at) + "' in expression"
                            : "unexpected end of expression");
        }
        try {
            long value = Long.parseUnsignedLong(text.substring(start, at), radix);
            skip();
            return value;
        } catch (NumberFormatException e) {
            throw MonitorError.usage("number too large");
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void next() {
        at++;
        skip();
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
