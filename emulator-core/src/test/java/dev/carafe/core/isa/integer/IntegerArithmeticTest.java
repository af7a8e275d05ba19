package dev.carafe.core.isa.integer;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ADD, ADC, SUB, SBB, INC, DEC and NEG. Every row was executed on an Intel processor; the operands'
 * digits give the width.
 */
class IntegerArithmeticTest {
    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    Map.entry("ADD", IntegerArithmetic::add),
                    Map.entry("ADC", IntegerArithmetic::addWithCarry),
                    Map.entry("SUB", IntegerArithmetic::subtract),
                    Map.entry("SBB", IntegerArithmetic::subtractWithBorrow),
                    Map.entry("INC", (f, w, a, b) -> IntegerArithmetic.increment(f, w, a)),
                    Map.entry("DEC", (f, w, a, b) -> IntegerArithmetic.decrement(f, w, a)),
                    Map.entry("NEG", (f, w, a, b) -> IntegerArithmetic.negate(f, w, a)));

    @ParameterizedTest(name = "{0} {1}, {2} with [{3}]")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | a | b | flags before | result | flags after
            ADD    | 7F | 01 | ''    | 80 | OF SF AF
            ADD    | FFFF | 0001 | CF    | 0000 | ZF AF PF CF
            ADD    | 00000000 | 00000001 | ''    | 00000001 | ''
            ADD    | 8000000000000000 | FFFFFFFFFFFFFFFF | CF    | 7FFFFFFFFFFFFFFF | OF PF CF
            ADD    | 96 | 0F | ''    | A5 | SF AF PF
            ADC    | 7FFF | 0001 | ''    | 8000 | OF SF AF PF
            ADC    | FFFFFFFF | 00000001 | CF    | 00000001 | AF CF
            ADC    | 0000000000000000 | 0000000000000001 | ''    | 0000000000000001 | ''
            ADC    | 80 | FF | CF    | 80 | SF AF CF
            ADC    | C396 | 0F0F | ''    | D2A5 | SF AF PF
            SUB    | 7FFFFFFF | 00000001 | ''    | 7FFFFFFE | ''
            SUB    | FFFFFFFFFFFFFFFF | 0000000000000001 | CF    | FFFFFFFFFFFFFFFE | SF
            SUB    | 00 | 01 | ''    | FF | SF AF PF CF
            SUB    | 8000 | FFFF | CF    | 8001 | SF AF CF
            SUB    | C3A5C396 | 0F0F0F0F | ''    | B496B487 | SF AF PF
            SBB    | 7FFFFFFFFFFFFFFF | 0000000000000001 | ''    | 7FFFFFFFFFFFFFFE | ''
            SBB    | FF | 01 | CF    | FD | SF
            SBB    | 0000 | 0001 | ''    | FFFF | SF AF PF CF
            SBB    | 80000000 | FFFFFFFF | CF    | 80000000 | SF AF PF CF
            SBB    | C3A5C3A5C3A5C396 | 0F0F0F0F0F0F0F0F | ''    | B496B496B496B487 | SF AF PF
            INC    | 7F | 01 | ''    | 80 | OF SF AF
            INC    | FFFF | 0001 | CF    | 0000 | ZF AF PF CF
            INC    | 00000000 | 00000001 | ''    | 00000001 | ''
            INC    | 8000000000000000 | FFFFFFFFFFFFFFFF | CF    | 8000000000000001 | SF CF
            INC    | 96 | 0F | ''    | 97 | SF
            DEC    | 7FFF | 0001 | ''    | 7FFE | ''
            DEC    | FFFFFFFF | 00000001 | CF    | FFFFFFFE | SF CF
            DEC    | 0000000000000000 | 0000000000000001 | ''    | FFFFFFFFFFFFFFFF | SF AF PF
            DEC    | 80 | FF | CF    | 7F | OF AF CF
            DEC    | C396 | 0F0F | ''    | C395 | SF PF
            NEG    | 7FFFFFFF | 00000001 | ''    | 80000001 | SF AF CF
            NEG    | FFFFFFFFFFFFFFFF | 0000000000000001 | CF    | 0000000000000001 | AF CF
            NEG    | 00 | 01 | ''    | 00 | ZF PF
            NEG    | 8000 | FFFF | CF    | 8000 | OF SF PF CF
            NEG    | C3A5C396 | 0F0F0F0F | ''    | 3C5A3C6A | AF PF CF
            """)
    void resultAndFlagsAreThoseOfAProcessor(
            String name, String a, String b, String before, String result, String after) {
        Rule.check(RULES.get(name), a, b, before, result, after);
    }
}
