package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packed integer instructions on one pair of operands. Every row was executed on an Intel
 * processor.
 */
class PackedIntegerTest {
    private static final long A_LOW = 0x7F80_FF00_0182_0FF0L;
    private static final long A_HIGH = 0x0123_4567_89AB_CDEFL;
    private static final long B_LOW = 0x8001_7F02_FFFE_8070L;
    private static final long B_HIGH = 0xFEDC_BA98_7654_3210L;

    private static final Map<String, Consumer<long[]>> RULES =
            Map.ofEntries(
                    Map.entry("PADDB", lanes(PackedInteger::paddb)),
                    Map.entry("PADDSB", lanes(PackedSaturating::paddsb)),
                    Map.entry("PADDUSB", lanes(PackedSaturating::paddusb)),
                    Map.entry("PSUBB", lanes(PackedInteger::psubb)),
                    Map.entry("PSUBSW", lanes(PackedSaturating::psubsw)),
                    Map.entry("PSUBUSW", lanes(PackedSaturating::psubusw)),
                    Map.entry("PAVGB", lanes(PackedSaturating::pavgb)),
                    Map.entry("PCMPEQB", lanes(PackedInteger::pcmpeqb)),
                    Map.entry("PCMPGTB", lanes(PackedInteger::pcmpgtb)),
                    Map.entry("PCMPGTW", lanes(PackedInteger::pcmpgtw)),
                    Map.entry("PMAXSW", lanes(PackedSaturating::pmaxsw)),
                    Map.entry("PMINUB", lanes(PackedSaturating::pminub)),
                    Map.entry("PMULLW", lanes(PackedSaturating::pmullw)),
                    Map.entry("PMULHW", lanes(PackedSaturating::pmulhw)),
                    Map.entry("PMULHUW", lanes(PackedSaturating::pmulhuw)),
                    Map.entry("PMULUDQ", lanes(PackedSaturating::pmuludq)),
                    Map.entry("PMADDWD", lanes(PackedSaturating::pmaddwd)),
                    Map.entry("PSADBW", lanes(PackedSaturating::psadbw)),
                    Map.entry("PUNPCKLBW", whole(Shuffles::punpcklbw)),
                    Map.entry("PUNPCKHWD", whole(Shuffles::punpckhwd)),
                    Map.entry("PACKSSWB", whole(Shuffles::packsswb)),
                    Map.entry("PACKUSWB", whole(Shuffles::packuswb)),
                    Map.entry("PACKSSDW", whole(Shuffles::packssdw)));

    /** The shape of instructions that move data between lanes. */
    private interface Whole {
        void apply(long[] xmm, int destination, long low, long high, int immediate);
    }

    private static Consumer<long[]> lanes(LongBinaryOperator lane) {
        return xmm -> {
            xmm[0] = lane.applyAsLong(xmm[0], B_LOW);
            xmm[1] = lane.applyAsLong(xmm[1], B_HIGH);
        };
    }

    private static Consumer<long[]> whole(Whole operation) {
        return xmm -> operation.apply(xmm, 0, B_LOW, B_HIGH, 0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | high half | low half
            PADDB     | FFFFFFFFFFFFFFFF | FF817E0200808F60
            PADDSB    | FFFFFFFFFFFFFFFF | FF817E0200808F60
            PADDUSB   | FFFFFFFFFFFFFFFF | FF81FF02FFFF8FFF
            PSUBB     | 03478BCF13579BDF | FF7F80FE02848F80
            PSUBSW    | 02477FFF80009BDF | 7FFF800001847FFF
            PSUBUSW   | 0000000013579BDF | 00007FFE00000000
            PAVGB     | 8080808080808080 | 8041BF0180C048B0
            PCMPEQB   | 0000000000000000 | 0000000000000000
            PCMPGTB   | FFFFFFFF00000000 | FF000000FF00FF00
            PCMPGTW   | FFFFFFFF00000000 | FFFF0000FFFFFFFF
            PMAXSW    | 0123456776543210 | 7F807F0201820FF0
            PMINUB    | 0123456776543210 | 7F017F0001820F70
            PMULLW    | B4140B28FE1C8CF0 | 7F80FE00FCFCF900
            PMULHW    | FFFEED2FC94DF635 | C040FF80FFFFF80E
            PMULHUW   | 012132963FA12845 | 3FC07E82018107FE
            PMULUDQ   | 3FA27837E5618CF0 | 01820DAD90FEF900
            PMADDWD   | ED2DBF3CBF838B0C | BFC17D80F80EF5FC
            PSADBW    | 0000000000000440 | 000000000000036D
            PUNPCKLBW | 807F01807FFF0200 | FF01FE82800F70F0
            PUNPCKHWD | FEDC0123BA984567 | 765489AB3210CDEF
            PACKSSWB  | 80807F7F807FFE80 | 7F7F80807F807F7F
            PACKUSWB  | 0000FFFF00FF0000 | FFFF0000FF00FFFF
            PACKSSDW  | 80007FFF80008000 | 7FFF80007FFF7FFF
            """)
    void bothHalvesAreThoseOfAProcessor(String name, String high, String low) {
        long[] xmm = {A_LOW, A_HIGH};

        RULES.get(name).accept(xmm);

        assertEquals(low, "%016X".formatted(xmm[0]));
        assertEquals(high, "%016X".formatted(xmm[1]));
    }
}
