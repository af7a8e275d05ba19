package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RCP and RSQRT. Every value comes from the processor that is named in ApproximationTables. */
class ApproximationsTest {
    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | code | two elements of XMM1 | of XMM0
            RCPPS   | 0F53C1 | 3F8000003FC00000 | 3F7FF0003F2AA800
            RCPPS   | 0F53C1 | 40490FDB3E99999A | 3EA2F80040555000
            RCPPS   | 0F53C1 | 7E7FFFFF7E800000 | 0080000000000000
            RCPPS   | 0F53C1 | 00800000807FFFFF | 7E7FF000FF800000
            RCPPS   | 0F53C1 | 800000007F800000 | FF80000000000000
            RCPPS   | 0F53C1 | FF8000007FA00000 | 800000007FE00000
            RCPPS   | 0F53C1 | FFC00001BF800000 | FFC00001BF7FF000
            RCPPS   | 0F53C1 | C14800005F7FFFFF | BDA3D0001F800000
            RCPPS   | 0F53C1 | 340000003F800000 | 4AFFF0003F7FF000
            RSQRTPS | 0F52C1 | 3F8000003FC00000 | 3F7FF8003F510800
            RSQRTPS | 0F52C1 | 40490FDB3E99999A | 3F1070003FE9B000
            RSQRTPS | 0F52C1 | 7E7FFFFF7E800000 | 200000001FFFF800
            RSQRTPS | 0F52C1 | 00800000807FFFFF | 5EFFF800FF800000
            RSQRTPS | 0F52C1 | 800000007F800000 | FF80000000000000
            RSQRTPS | 0F52C1 | FF8000007FA00000 | FFC000007FE00000
            RSQRTPS | 0F52C1 | FFC00001BF800000 | FFC00001FFC00000
            RSQRTPS | 0F52C1 | C14800005F7FFFFF | FFC000002F800000
            RSQRTPS | 0F52C1 | 340000003F800000 | 453500003F7FF800
            """)
    void areThoseOfAProcessor(String name, String code, String source, String result) {
        try (Vm vm = Vm.bare()) {
            vm.cpu.xmm[Cpu.VECTOR_STRIDE] = Long.parseUnsignedLong(source, 16);

            vm.execute(code);

            assertEquals(result, "%016X".formatted(vm.cpu.xmm[0]));
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({
        "RCPSS, 3F8003FF, 9E140000",
        "RSQRTSS, 3F8003FF, C1218000",
        "RSQRTSS, 400003FF, 4AE28000"
    })
    void allFourThousandAndNinetySixIntervalsAnswerAsThere(String name, String from, String sum) {
        long first = Long.parseLong(from, 16);
        int actual = 0;
        for (long interval = 0; interval < 4096; interval++) {
            long operand = first | interval << 11;
            long result =
                    name.equals("RCPSS")
                            ? Approximations.rcpss(0, operand)
                            : Approximations.rsqrtss(0, operand);
            actual = actual * 31 + (int) result;
        }

        assertEquals(sum, "%08X".formatted(actual), "check value over the results");
    }
}
