package dev.carafe.core.isa.integer;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * AND, OR and XOR. Every row was executed on an Intel processor; the operands' digits give the
 * width.
 */
class LogicTest {
    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    Map.entry("AND", Logic::and),
                    Map.entry("OR", Logic::or),
                    Map.entry("XOR", Logic::xor));

    @ParameterizedTest(name = "{0} {1}, {2} with [{3}]")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | a | b | flags before | result | flags after
            AND    | 96 | 96 | OF SF ZF AF PF CF | 96 | SF PF
            AND    | C396 | 7FFF | OF SF ZF AF PF CF | 4396 | PF
            AND    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 80000000 | SF PF
            AND    | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | OF SF ZF AF PF CF | 0305030503050306 | PF
            OR     | 96 | 96 | OF SF ZF AF PF CF | 96 | SF PF
            OR     | C396 | 7FFF | OF SF ZF AF PF CF | FFFF | SF PF
            OR     | C3A5C396 | 80000000 | OF SF ZF AF PF CF | C3A5C396 | SF PF
            OR     | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | OF SF ZF AF PF CF | CFAFCFAFCFAFCF9F | SF PF
            XOR    | 96 | 96 | OF SF ZF AF PF CF | 00 | ZF PF
            XOR    | C396 | 7FFF | OF SF ZF AF PF CF | BC69 | SF PF
            XOR    | C3A5C396 | 80000000 | OF SF ZF AF PF CF | 43A5C396 | PF
            XOR    | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | OF SF ZF AF PF CF | CCAACCAACCAACC99 | SF PF
            """)
    void carryOverflowAndAuxiliaryAreCleared(
            String name, String a, String b, String before, String result, String after) {
        Rule.check(RULES.get(name), a, b, before, result, after);
    }
}
