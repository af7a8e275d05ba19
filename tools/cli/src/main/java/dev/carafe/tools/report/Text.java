package dev.carafe.tools.report;

import dev.carafe.core.fault.ExceptionVector;

/** How reports write numbers. */
final class Text {
    private static final long NANOS_PER_MICRO = 1000;
    private static final long MICROS_PER_MILLI = 1000;

    private Text() {}

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0x" + "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** {@code #GP(0x0010)}, or the name alone where there is no error code. */
    static String exception(int vector, int errorCode) {
        return ExceptionVector.name(vector)
                + (ExceptionVector.hasErrorCode(vector) ? "(" + hex(errorCode, 4) + ")" : "");
    }

    /** 81,204,117. */
    static String count(long number) {
        StringBuilder out = new StringBuilder(Long.toString(number));
        for (int at = out.length() - 3; at > 0; at -= 3) {
            out.insert(at, ',');
        }
        return out.toString();
    }

    static String time(long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        return micros < MICROS_PER_MILLI ? micros + " µs" : micros / MICROS_PER_MILLI + " ms";
    }
}
