package dev.carafe.core.isa.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;

/** An operation on two operands, as rows of tests describe it. */
@FunctionalInterface
interface Rule {
    long apply(Flags flags, Width width, long a, long b);

    /** Operands and results are written with all their digits, which give the width. */
    static void check(Rule rule, String a, String b, String before, String result, String after) {
        Flags flags = FlagNames.parse(before);
        Width width = FlagNames.width(a);

        long actual =
                rule.apply(
                        flags, width, Long.parseUnsignedLong(a, 16), Long.parseUnsignedLong(b, 16));

        assertEquals(result, FlagNames.hex(width, actual));
        assertEquals(after, FlagNames.of(flags));
    }
}
