package dev.carafe.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineDescriptionTest {
    @ParameterizedTest(name = "{0} with {1} MiB")
    @CsvSource({
        "Q35, 256, 256, 0",
        "Q35, 2815, 2815, 0",
        "Q35, 2816, 2048, 768", // 2.75 GiB
        "Q35, 4096, 2048, 2048",
        "PC,  3583, 3583, 0",
        "PC,  3584, 3072, 512", // 3.5 GiB
        "PC,  8192, 3072, 5120",
    })
    void ramIsSplitAtThePciHole(MachineType type, long ram, long low, long high) {
        MachineDescription machine =
                MachineDescription.builder().type(type).ramBytes(ram << 20).build();

        assertEquals(low << 20, machine.lowRamBytes());
        assertEquals(high << 20, machine.highRamBytes());
    }

    @ParameterizedTest(name = "{0} sockets of {1} cores of {2} threads")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            4 | 1 | 1 | 0, 1, 2, 3
            1 | 4 | 1 | 0, 1, 2, 3
            2 | 3 | 1 | 0, 1, 2, 4, 5, 6
            1 | 2 | 3 | 0, 1, 2, 4, 5, 6
            2 | 1 | 2 | 0, 1, 2, 3
            """)
    void apicIdFieldsAreAsWideAsAPowerOfTwo(int sockets, int cores, int threads, String expected) {
        CpuTopology topology = new CpuTopology(sockets * cores * threads, sockets, cores, threads);
        List<Integer> ids =
                IntStream.range(0, topology.cpus())
                        .mapToObj(cpu -> ApicIds.apicId(topology, cpu))
                        .toList();

        assertEquals("[" + expected + "]", ids.toString());
    }

    @Test
    void topologyTooSmallForItsProcessorsIsRefusedInOneSentence() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new CpuTopology(9, 2, 2, 2));

        assertEquals(
                "9 CPUs do not fit into 2 sockets of 2 cores of 2 threads", refusal.getMessage());
    }

    @Test
    void pciPinsRotateOverTwoInterrupts() {
        assertEquals(10, GuestLayout.pciInterrupt(1, 0));
        assertEquals(11, GuestLayout.pciInterrupt(1, 2));
        assertEquals(11, GuestLayout.pciInterrupt(2, 1));
        assertEquals(10, GuestLayout.pciInterrupt(2, 3));
        assertEquals(11, GuestLayout.pciInterrupt(3, 0));
    }
}
