package dev.carafe.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuidTest {
    @ParameterizedTest(name = "{0} sockets, {1} cores, {2} threads: vCPU {3} has APIC ID {4}")
    @CsvSource({
        "1, 1, 1, 0, 0, 0, 0",
        "1, 4, 1, 3, 3, 0, 2",
        "2, 2, 2, 5, 5, 1, 2",
        "1, 3, 2, 5, 5, 1, 3",
        "2, 3, 2, 6, 8, 1, 3", // the core field is two bits wide, so the second package begins at 8
        "2, 3, 1, 5, 6, 0, 2",
    })
    void apicIdsHaveFieldsOfPowersOfTwoEverywhere(
            int sockets,
            int cores,
            int threads,
            int index,
            int id,
            int threadBits,
            int packageBits) {
        CpuModel model = CpuModel.max(new CpuTopology(sockets, cores, threads));

        assertEquals(id, model.topology().apicId(index));
        assertEquals(id, Cpuid.leaf(model, index, 1, 0)[1] >>> 24, "initial APIC ID of leaf 1");
        assertArrayEquals(
                new int[] {threadBits, threads, 0x100, id}, Cpuid.leaf(model, index, 0xB, 0));
        assertArrayEquals(
                new int[] {packageBits, cores * threads, 0x201, id},
                Cpuid.leaf(model, index, 0x1F, 1));
        assertArrayEquals(new int[] {0, 0, 2, id}, Cpuid.leaf(model, index, 0xB, 2), "end of list");
    }

    @Test
    void topologyLeavesAgreeWithTheCacheLeaf() {
        CpuModel model = CpuModel.max(new CpuTopology(2, 3, 2));

        int cores = (Cpuid.leaf(model, 0, 4, 0)[0] >>> 26) + 1;
        int logical = Cpuid.leaf(model, 0, 1, 0)[1] >>> 16 & 0xFF;

        assertEquals(4, cores, "rounded up to a power of two");
        assertEquals(8, logical);
        assertTrue((Cpuid.leaf(model, 0, 1, 0)[3] & 1 << 28) != 0, "HTT");
    }

    @Test
    void vendorAndBrandAreText() {
        CpuModel model = CpuModel.max(CpuTopology.ofCores(1));

        assertArrayEquals(
                new int[] {0x1F, 0x756E6547, 0x6C65746E, 0x49656E69}, Cpuid.leaf(model, 0, 0, 0));
        assertEquals(0x61726143, Cpuid.leaf(model, 0, 0x8000_0002, 0)[0]);
        assertEquals(0x3928, Cpuid.leaf(model, 0, 0x8000_0008, 0)[0]);
    }

    @Test
    void crystalTimesRatioIsTheTscFrequency() {
        int[] answer =
                Cpuid.leaf(CpuModel.of("max", CpuTopology.ofCores(1), 2_500_000_000L), 0, 0x15, 0);

        assertEquals(2_500_000_000L, (long) answer[2] * answer[1] / answer[0]);
    }

    @Test
    void featuresAreAddedAndRemovedByName() {
        CpuModel model = CpuModel.of("max,-x2apic,-smap", CpuTopology.ofCores(1), 1_000_000_000);

        assertEquals(0, Cpuid.leaf(model, 0, 1, 0)[2] & 1 << 21);
        assertEquals(
                0, model.cr4Mask() & ControlBits.CR4_SMAP, "what is not offered cannot be enabled");
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> CpuModel.of("max,+avx512", CpuTopology.ofCores(1), 1_000_000))
                        .getMessage();
        assertEquals("unknown CPU feature 'avx512'", message);
    }

    @Test
    void apicBitFollowsApicBase() {
        try (TestMachine machine = TestMachine.reset()) {
            assertTrue((Cpuid.answer(machine.cpu, 1, 0)[3] & 1 << 9) != 0);
            machine.apic.enabled = false;
            assertEquals(0, Cpuid.answer(machine.cpu, 1, 0)[3] & 1 << 9);
        }
    }
}
