package dev.carafe.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuModelsTest {
    private static final CpuTopology ONE = CpuTopology.ofCores(1);

    @Test
    void everyNameInTheTableIsAFeatureOrIsLeftOutOnPurpose() {
        for (CpuModels.Row row : CpuModels.all()) {
            for (String each : row.requested()) {
                assertTrue(
                        Feature.named(each).isPresent() != CpuModels.LEFT_OUT.contains(each),
                        row.name() + " asks for " + each);
            }
        }
    }

    @Test
    void noModelHasAFeatureWithoutWhatItNeeds() {
        for (CpuModels.Row row : CpuModels.all()) {
            CpuModel model = CpuModelBuilder.of(row.name()).orElseThrow().build(ONE);
            for (Feature each : Feature.values()) {
                if (row.features().contains(each) && !model.has(each)) {
                    assertTrue(
                            row.name().equals("max") && each == Feature.TOPOEXT
                                    || each == Feature.CMP_LEGACY,
                            row.name() + " loses " + each);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1} at {2}, signature {3}, level {4}")
    @CsvSource({
        "qemu64, AuthenticAMD, QEMU Virtual CPU version 2.5+, 00060FB1, D",
        "Nehalem, GenuineIntel, Intel Core i7 9xx (Nehalem Class Core i7), 000106A3, B",
        "haswell, GenuineIntel, Intel Core Processor (Haswell), 000306C4, D",
        "Skylake-Client-v1, GenuineIntel, Intel Core Processor (Skylake), 000506E3, D",
        "EPYC, AuthenticAMD, AMD EPYC Processor, 00800F12, D",
    })
    void modelsIntroduceThemselvesAsInQemu(
            String name, String vendor, String brand, String signature, String level) {
        CpuModel model = CpuModelBuilder.of(name).orElseThrow().build(ONE);

        assertEquals(vendor, model.identity().vendor());
        assertEquals(brand, model.identity().brand());
        assertEquals((int) Long.parseLong(signature, 16), model.signature());
        assertEquals((int) Long.parseLong(level, 16), model.identity().level());
    }

    @Test
    void whatIsNamedReplacesTheModelsIdentity() {
        CpuModel model =
                CpuModelBuilder.of("Nehalem")
                        .orElseThrow()
                        .vendor("AuthenticAMD")
                        .family(0x17)
                        .model(0x31)
                        .stepping(2)
                        .modelId("Roast")
                        .build(ONE);

        assertEquals(0x0083_0F12, model.signature());
        assertTrue(model.isAmd());
        assertEquals(0x68747541, Cpuid.leaf(model, 0, 0, 0)[1]);
        assertEquals(0x68747541, Cpuid.leaf(model, 0, 0x8000_0000, 0)[1]);
        assertEquals(0, Cpuid.leaf(model, 0, 4, 0)[0], "Intel's cache leaf");
        assertEquals(0x73616F52, Cpuid.leaf(model, 0, 0x8000_0002, 0)[0]);
    }

    @Test
    void removingAFeatureRemovesWhatRestsOnIt() {
        CpuModel model = CpuModel.of("max,-sse2", ONE, 1_000_000_000);

        assertTrue(model.has(Feature.SSE));
        assertFalse(model.has(Feature.SSE2));
        assertFalse(model.has(Feature.LM), "every 64-bit processor has SSE2");
        for (Feature each : Feature.values()) {
            boolean vector = each.name().startsWith("SSE4_") || each.name().startsWith("AVX");
            assertFalse(vector && model.has(each), each.text());
        }
    }

    @Test
    void aFeatureWithoutItsFoundationIsToldAndStaysOut() {
        CpuModelBuilder builder =
                CpuModelBuilder.of("max")
                        .orElseThrow()
                        .feature(Feature.SSE2, true)
                        .feature(Feature.SSE, false);

        assertEquals(List.of("feature 'sse2' needs 'sse'"), builder.unavailable());
        assertFalse(builder.build(ONE).has(Feature.SSE2));
    }

    @Test
    void removingWinsOverAddingInAnyOrder() {
        CpuModelBuilder builder =
                CpuModelBuilder.of("max")
                        .orElseThrow()
                        .feature(Feature.SMAP, false)
                        .feature(Feature.SMAP, true);

        assertFalse(builder.build(ONE).has(Feature.SMAP));
        assertEquals(List.of(), builder.unavailable());
    }

    @ParameterizedTest(name = "{0}: leaf {1} reads EAX {2}")
    @CsvSource({
        "Nehalem, 00000020, -", // above the last basic leaf: as leaf 0BH
        "Nehalem, 00000007, 00000000", // no subleaf 1
        "qemu64, 00000020, 00000000",
        "qemu64, 80000000, 8000000A",
        "max, 80000000, 80000008",
        "'max,-hypervisor', 40000000, 00000000", // as leaf 1FH
    })
    void leavesEndWhereTheModelSays(String name, String leaf, String eax) {
        CpuModel model = CpuModel.of(name, ONE, 1_000_000_000);
        int number = (int) Long.parseLong(leaf, 16);
        int expected =
                eax.equals("-") ? Cpuid.leaf(model, 0, 0xB, 0)[0] : (int) Long.parseLong(eax, 16);

        assertEquals(expected, Cpuid.leaf(model, 0, number, 0)[0]);
    }
}
