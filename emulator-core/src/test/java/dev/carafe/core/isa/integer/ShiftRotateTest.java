package dev.carafe.core.isa.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shifts and rotates, by counts from 0 to beyond the width. Every row was executed on a processor,
 * rotates on an AMD one; the operands' digits give the width.
 */
class ShiftRotateTest {
    /** A shift of one or two operands. */
    private interface Rule {
        long apply(Flags flags, Width width, long a, long b, long count);
    }

    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    Map.entry("ROL", (f, w, a, b, n) -> ShiftRotate.rotateLeft(f, w, a, n)),
                    Map.entry("ROR", (f, w, a, b, n) -> ShiftRotate.rotateRight(f, w, a, n)),
                    Map.entry("RCL", (f, w, a, b, n) -> ShiftRotate.rotateCarryLeft(f, w, a, n)),
                    Map.entry("RCR", (f, w, a, b, n) -> ShiftRotate.rotateCarryRight(f, w, a, n)),
                    Map.entry("SHL", (f, w, a, b, n) -> ShiftRotate.shiftLeft(f, w, a, n)),
                    Map.entry("SHR", (f, w, a, b, n) -> ShiftRotate.shiftRight(f, w, a, n)),
                    Map.entry(
                            "SAR", (f, w, a, b, n) -> ShiftRotate.shiftArithmeticRight(f, w, a, n)),
                    Map.entry("SHLD", DoubleShift::shiftLeftDouble),
                    Map.entry("SHRD", DoubleShift::shiftRightDouble));

    @ParameterizedTest(name = "{0} {1}, {2} by {3} with [{4}]")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | a | b | count | flags before | result | flags after
            ROL   | 96 | 00 |  1 | CF    | 2D | OF CF
            ROL   | 8000 | 0000 |  3 | OF SF ZF AF PF CF | 0004 | SF ZF AF PF
            ROL   | C3A5C396 | 00000000 |  8 | ''    | A5C396C3 | CF
            ROL   | 8000000000000000 | 0000000000000000 |  9 | CF    | 0000000000000100 | ''
            ROL   | 96 | 00 | 17 | OF SF ZF AF PF CF | 2D | OF SF ZF AF PF CF
            ROL   | 8000 | 0000 | 31 | ''    | 4000 | ''
            ROL   | C3A5C396 | 00000000 | 32 | CF    | C3A5C396 | CF
            ROL   | 8000000000000000 | 0000000000000000 |  0 | OF SF ZF AF PF CF | 8000000000000000 | OF SF ZF AF PF CF
            ROL   | 96 | 00 | 64 | ''    | 96 | ''
            ROL   | 8000 | 0000 | 63 | CF    | 4000 | ''
            ROR   | C396 | 0000 |  1 | CF    | 61CB | OF
            ROR   | 80000000 | 00000000 |  3 | OF SF ZF AF PF CF | 10000000 | SF ZF AF PF
            ROR   | C3A5C3A5C3A5C396 | 0000000000000000 |  8 | ''    | 96C3A5C3A5C3A5C3 | OF CF
            ROR   | 80 | 00 |  9 | CF    | 40 | OF
            ROR   | C396 | 0000 | 17 | OF SF ZF AF PF CF | 61CB | OF SF ZF AF PF
            ROR   | 80000000 | 00000000 | 31 | ''    | 00000001 | ''
            ROR   | C3A5C3A5C3A5C396 | 0000000000000000 | 32 | CF    | C3A5C396C3A5C3A5 | CF
            ROR   | 80 | 00 |  0 | OF SF ZF AF PF CF | 80 | OF SF ZF AF PF CF
            ROR   | C396 | 0000 | 64 | ''    | C396 | ''
            ROR   | 80000000 | 00000000 | 63 | CF    | 00000001 | ''
            RCL   | C3A5C396 | 00000000 |  1 | CF    | 874B872D | CF
            RCL   | 8000000000000000 | 0000000000000000 |  3 | OF SF ZF AF PF CF | 0000000000000006 | SF ZF AF PF
            RCL   | 96 | 00 |  8 | ''    | 4B | ''
            RCL   | 8000 | 0000 |  9 | CF    | 0180 | ''
            RCL   | C3A5C396 | 00000000 | 17 | OF SF ZF AF PF CF | 872DC3A5 | SF ZF AF PF CF
            RCL   | 8000000000000000 | 0000000000000000 | 31 | ''    | 0000000020000000 | ''
            RCL   | 96 | 00 | 32 | CF    | 96 | CF
            RCL   | 8000 | 0000 |  0 | OF SF ZF AF PF CF | 8000 | OF SF ZF AF PF CF
            RCL   | C3A5C396 | 00000000 | 64 | ''    | C3A5C396 | ''
            RCL   | 8000000000000000 | 0000000000000000 | 63 | CF    | 6000000000000000 | ''
            RCR   | C3A5C3A5C3A5C396 | 0000000000000000 |  1 | CF    | E1D2E1D2E1D2E1CB | ''
            RCR   | 80 | 00 |  3 | OF SF ZF AF PF CF | 30 | SF ZF AF PF
            RCR   | C396 | 0000 |  8 | ''    | 2CC3 | CF
            RCR   | 80000000 | 00000000 |  9 | CF    | 00C00000 | ''
            RCR   | C3A5C3A5C3A5C396 | 0000000000000000 | 17 | OF SF ZF AF PF CF | C396E1D2E1D2E1D2 | SF ZF AF PF CF
            RCR   | 80 | 00 | 31 | ''    | 08 | ''
            RCR   | C396 | 0000 | 32 | CF    | C396 | CF
            RCR   | 80000000 | 00000000 |  0 | OF SF ZF AF PF CF | 80000000 | OF SF ZF AF PF CF
            RCR   | C3A5C3A5C3A5C396 | 0000000000000000 | 64 | ''    | C3A5C3A5C3A5C396 | ''
            RCR   | 80 | 00 | 63 | CF    | 18 | ''
            SHL   | 96 | 00 |  1 | CF    | 2C | OF CF
            SHL   | 8000 | 0000 |  3 | OF SF ZF AF PF CF | 0000 | OF ZF PF
            SHL   | C3A5C396 | 00000000 |  8 | ''    | A5C39600 | SF PF CF
            SHL   | 8000000000000000 | 0000000000000000 |  9 | CF    | 0000000000000000 | OF ZF PF
            SHL   | 96 | 00 | 17 | OF SF ZF AF PF CF | 00 | OF ZF PF
            SHL   | 8000 | 0000 | 31 | ''    | 0000 | OF ZF PF
            SHL   | C3A5C396 | 00000000 | 32 | CF    | C3A5C396 | CF
            SHL   | 8000000000000000 | 0000000000000000 |  0 | OF SF ZF AF PF CF | 8000000000000000 | OF SF ZF AF PF CF
            SHL   | 96 | 00 | 64 | ''    | 96 | ''
            SHL   | 8000 | 0000 | 63 | CF    | 0000 | OF ZF PF
            SHR   | C396 | 0000 |  1 | CF    | 61CB | OF
            SHR   | 80000000 | 00000000 |  3 | OF SF ZF AF PF CF | 10000000 | OF PF
            SHR   | C3A5C3A5C3A5C396 | 0000000000000000 |  8 | ''    | 00C3A5C3A5C3A5C3 | OF PF CF
            SHR   | 80 | 00 |  9 | CF    | 00 | OF ZF PF
            SHR   | C396 | 0000 | 17 | OF SF ZF AF PF CF | 0000 | OF ZF PF
            SHR   | 80000000 | 00000000 | 31 | ''    | 00000001 | OF
            SHR   | C3A5C3A5C3A5C396 | 0000000000000000 | 32 | CF    | 00000000C3A5C3A5 | OF PF CF
            SHR   | 80 | 00 |  0 | OF SF ZF AF PF CF | 80 | OF SF ZF AF PF CF
            SHR   | C396 | 0000 | 64 | ''    | C396 | ''
            SHR   | 80000000 | 00000000 | 63 | CF    | 00000001 | OF
            SAR   | C3A5C3A5C3A5C396 | 0000000000000000 |  1 | CF    | E1D2E1D2E1D2E1CB | SF
            SAR   | 80 | 00 |  3 | OF SF ZF AF PF CF | F0 | SF PF
            SAR   | C396 | 0000 |  8 | ''    | FFC3 | SF PF CF
            SAR   | 80000000 | 00000000 |  9 | CF    | FFC00000 | SF PF
            SAR   | C3A5C3A5C3A5C396 | 0000000000000000 | 17 | OF SF ZF AF PF CF | FFFFE1D2E1D2E1D2 | SF PF CF
            SAR   | 80 | 00 | 31 | ''    | FF | SF PF CF
            SAR   | C396 | 0000 | 32 | CF    | C396 | CF
            SAR   | 80000000 | 00000000 |  0 | OF SF ZF AF PF CF | 80000000 | OF SF ZF AF PF CF
            SAR   | C3A5C3A5C3A5C396 | 0000000000000000 | 64 | ''    | C3A5C3A5C3A5C396 | ''
            SAR   | 80 | 00 | 63 | CF    | FF | SF PF CF
            SHLD  | C396 | 0F0F |  1 | ''    | 872C | SF CF
            SHRD  | C396 | 0F0F |  1 | ''    | E1CB | SF
            SHLD  | C3A5C396 | 0F0F0F0F |  4 | ''    | 3A5C3960 | PF
            SHRD  | C3A5C396 | 0F0F0F0F |  4 | ''    | FC3A5C39 | SF PF
            SHLD  | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | 15 | ''    | E1D2E1D2E1CB0787 | SF PF
            SHRD  | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | 15 | ''    | 1E1F874B874B874B | PF CF
            SHLD  | C396 | 0F0F | 17 | ''    | 1E1F | ''
            SHRD  | C396 | 0F0F | 17 | ''    | 0787 | PF CF
            SHLD  | C3A5C396 | 0F0F0F0F |  0 | ''    | C3A5C396 | ''
            SHRD  | C3A5C396 | 0F0F0F0F |  0 | ''    | C3A5C396 | ''
            SHLD  | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | 31 | ''    | E1D2E1CB07878787 | SF PF
            SHRD  | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | 31 | ''    | 1E1E1E1F874B874B | PF CF
            SHLD  | C396 | 0F0F | 33 | ''    | 872C | SF CF
            SHRD  | C396 | 0F0F | 33 | ''    | E1CB | SF
            SHLD  | C3A5C396 | 0F0F0F0F | 63 | ''    | 07878787 | PF CF
            SHRD  | C3A5C396 | 0F0F0F0F | 63 | ''    | 1E1E1E1F | CF
            """)
    void everyCountGivesResultAndFlagsOfAProcessor(
            String name,
            String a,
            String b,
            int count,
            String before,
            String result,
            String after) {
        Flags flags = FlagNames.parse(before);
        Width width = FlagNames.width(a);

        long actual =
                RULES.get(name)
                        .apply(
                                flags,
                                width,
                                Long.parseUnsignedLong(a, 16),
                                Long.parseUnsignedLong(b, 16),
                                count);

        assertEquals(result, FlagNames.hex(width, actual));
        assertEquals(after, FlagNames.of(flags));
    }
}
