package dev.carafe.core.isa.integer;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bit tests, scans, counts and BMI. Every row was executed on an Intel processor; the operands'
 * digits give the width.
 */
class BitOpsTest {
    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    Map.entry("BSF", BitOps::bitScanForward),
                    Map.entry("BSR", BitOps::bitScanReverse),
                    Map.entry("TZCNT", (f, w, a, b) -> BitOps.trailingZeros(f, w, b)),
                    Map.entry("LZCNT", (f, w, a, b) -> BitOps.leadingZeros(f, w, b)),
                    Map.entry("POPCNT", (f, w, a, b) -> BitOps.populationCount(f, w, b)),
                    Map.entry("BSWAP", (f, w, a, b) -> BitOps.byteSwap(w, a)),
                    Map.entry("BT", BitOpsTest::test),
                    Map.entry("BTS", BitOps::bitTestAndSet),
                    Map.entry("BTR", BitOps::bitTestAndReset),
                    Map.entry("BTC", BitOps::bitTestAndComplement),
                    Map.entry("ANDN", Logic::andNot),
                    Map.entry("BEXTR", BitManipulation::extract),
                    Map.entry("BZHI", BitManipulation::zeroHigh),
                    Map.entry("BLSI", (f, w, a, b) -> BitManipulation.lowestSet(f, w, b)),
                    Map.entry("BLSMSK", (f, w, a, b) -> BitManipulation.maskUpToLowestSet(f, w, b)),
                    Map.entry("BLSR", (f, w, a, b) -> BitManipulation.resetLowestSet(f, w, b)),
                    Map.entry("PDEP", (f, w, a, b) -> BitManipulation.deposit(w, a, b)),
                    Map.entry("PEXT", (f, w, a, b) -> BitManipulation.extractParallel(w, a, b)));

    private static long test(Flags flags, Width width, long a, long b) {
        BitOps.bitTest(flags, width, a, b);
        return a;
    }

    @ParameterizedTest(name = "{0} {1}, {2} with [{3}]")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | a | b | flags before | result | flags after
            BSF    | C396 | C396 | OF SF ZF AF PF CF | 0001 | ''
            BSF    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 0000001F | ''
            BSF    | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C396 | ZF PF
            BSF    | C396 | 0047 | ''    | 0000 | PF
            BSR    | C396 | C396 | OF SF ZF AF PF CF | 000F | PF
            BSR    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 0000001F | ''
            BSR    | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C396 | ZF PF
            BSR    | C396 | 0047 | ''    | 0006 | PF
            TZCNT  | C396 | C396 | OF SF ZF AF PF CF | 0001 | ''
            TZCNT  | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 0000001F | ''
            TZCNT  | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | 0000000000000040 | CF
            TZCNT  | C396 | 0047 | ''    | 0000 | ZF
            LZCNT  | C396 | C396 | OF SF ZF AF PF CF | 0000 | ZF
            LZCNT  | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 00000000 | ZF
            LZCNT  | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | 0000000000000040 | CF
            LZCNT  | C396 | 0047 | ''    | 0009 | ''
            POPCNT | C396 | C396 | OF SF ZF AF PF CF | 0008 | ''
            POPCNT | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 00000001 | ''
            POPCNT | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | 0000000000000000 | ZF
            POPCNT | C396 | 0047 | ''    | 0004 | ''
            BSWAP  | C396 | C396 | OF SF ZF AF PF CF | 0000 | OF SF ZF AF PF CF
            BSWAP  | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 96C3A5C3 | OF SF ZF AF PF CF
            BSWAP  | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | 96C3A5C3A5C3A5C3 | OF SF ZF AF PF CF
            BSWAP  | C396 | 0047 | ''    | 0000 | ''
            BT     | C396 | C396 | OF SF ZF AF PF CF | C396 | OF SF ZF AF PF
            BT     | C3A5C396 | 80000000 | OF SF ZF AF PF CF | C3A5C396 | OF SF ZF AF PF
            BT     | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C396 | OF SF ZF AF PF
            BT     | C396 | 0047 | ''    | C396 | CF
            BTS    | C396 | C396 | OF SF ZF AF PF CF | C3D6 | OF SF ZF AF PF
            BTS    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | C3A5C397 | OF SF ZF AF PF
            BTS    | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C397 | OF SF ZF AF PF
            BTS    | C396 | 0047 | ''    | C396 | CF
            BTR    | C396 | C396 | OF SF ZF AF PF CF | C396 | OF SF ZF AF PF
            BTR    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | C3A5C396 | OF SF ZF AF PF
            BTR    | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C396 | OF SF ZF AF PF
            BTR    | C396 | 0047 | ''    | C316 | CF
            BTC    | C396 | C396 | OF SF ZF AF PF CF | C3D6 | OF SF ZF AF PF
            BTC    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | C3A5C397 | OF SF ZF AF PF
            BTC    | C3A5C3A5C3A5C396 | 0000000000000000 | OF SF ZF AF PF CF | C3A5C3A5C3A5C397 | OF SF ZF AF PF
            BTC    | C396 | 0047 | ''    | C316 | CF
            ANDN   | C3A5C396 | 00000804 | ''    | 00000800 | ''
            ANDN   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | 3050305030503060 | ''
            ANDN   | C3A5C396 | 00000000 | ''    | 00000000 | ZF
            ANDN   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000002040 | ''
            BEXTR  | C3A5C396 | 00000804 | ''    | 00000039 | ''
            BEXTR  | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | 0000000000000000 | ZF
            BEXTR  | C3A5C396 | 00000000 | ''    | 00000000 | ZF
            BEXTR  | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000000000 | ZF
            BZHI   | C3A5C396 | 00000804 | ''    | 00000006 | ''
            BZHI   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | C3A5C3A5C3A5C396 | SF CF
            BZHI   | C3A5C396 | 00000000 | ''    | 00000000 | ZF
            BZHI   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | C3A5C3A5C3A5C396 | SF CF
            BLSI   | C3A5C396 | 00000804 | ''    | 00000004 | CF
            BLSI   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | 0000000000000010 | CF
            BLSI   | C3A5C396 | 00000000 | ''    | 00000000 | ZF
            BLSI   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000000040 | CF
            BLSMSK | C3A5C396 | 00000804 | ''    | 00000007 | ''
            BLSMSK | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | 000000000000001F | ''
            BLSMSK | C3A5C396 | 00000000 | ''    | FFFFFFFF | SF CF
            BLSMSK | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 000000000000007F | ''
            BLSR   | C3A5C396 | 00000804 | ''    | 00000800 | ''
            BLSR   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | F0F0F0F0F0F0F0E0 | SF
            BLSR   | C3A5C396 | 00000000 | ''    | 00000000 | ZF CF
            BLSR   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000002000 | ''
            PDEP   | C3A5C396 | 00000804 | ''    | 00000800 | ''
            PDEP   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | C030A050C0309060 | ''
            PDEP   | C3A5C396 | 00000000 | ''    | 00000000 | ''
            PDEP   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000002000 | ''
            PEXT   | C3A5C396 | 00000804 | ''    | 00000001 | ''
            PEXT   | C3A5C3A5C3A5C396 | F0F0F0F0F0F0F0F0 | ''    | 00000000CACACAC9 | ''
            PEXT   | C3A5C396 | 00000000 | ''    | 00000000 | ''
            PEXT   | C3A5C3A5C3A5C396 | 0000000000002040 | ''    | 0000000000000000 | ''
            """)
    void resultAndFlagsAreThoseOfAProcessor(
            String name, String a, String b, String before, String result, String after) {
        Rule.check(RULES.get(name), a, b, before, result, after);
    }
}
