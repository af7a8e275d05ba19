package dev.carafe.tools.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * Which code is looked at: {@code START..END}, {@code START+SIZE} or {@code START-SIZE}, separated
 * by commas, as QEMU's {@code -dfilter} has it.
 */
public final class AddressFilter {
    /** Everything. */
    public static final AddressFilter ALL = new AddressFilter(List.of());

    private final List<Range> ranges; // none: everything

    private record Range(long first, long last) {}

    private AddressFilter(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /**
     * @throws IllegalArgumentException with the reason when the text is no filter
     */
    public static AddressFilter parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part));
        }
        return new AddressFilter(ranges);
    }

    private static Range range(String text) {
        int dots = text.indexOf("..");
        if (dots >= 0) {
            return ordered(text, number(text, 0, dots), number(text, dots + 2, text.length()));
        }
        int sign = Math.max(text.indexOf('+'), text.indexOf('-'));
        if (sign < 0) {
            throw new IllegalArgumentException("'" + text + "' is not START..END or START+SIZE");
        }
        long start = number(text, 0, sign);
        long size = number(text, sign + 1, text.length());
        if (size == 0) {
            throw new IllegalArgumentException("'" + text + "' is empty");
        }
        return text.charAt(sign) == '+'
                ? ordered(text, start, start + size - 1)
                : ordered(text, start - size + 1, start);
    }

    private static Range ordered(String text, long first, long last) {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException("'" + text + "' ends before it begins");
        }
        return new Range(first, last);
    }

    private static long number(String text, int from, int to) {
        String digits = text.substring(from, to).strip();
        try {
            return digits.startsWith("0x") || digits.startsWith("0X")
                    ? Long.parseUnsignedLong(digits.substring(2), 16)
                    : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + digits + "' is no address");
        }
    }

    boolean accepts(long address) {
        for (Range range : ranges) {
            if (Long.compareUnsigned(address, range.first()) >= 0
                    && Long.compareUnsigned(address, range.last()) <= 0) {
                return true;
            }
        }
        return ranges.isEmpty();
    }
}
