package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The guests of guest-kernel/tests, which report by the Test Anything Protocol: every check of
 * theirs is a check here.
 */
class TestGuestsTest {
    private static final int SUCCESS = 0x10 << 1 | 1; // they write 0x10 to isa-debug-exit

    @ParameterizedTest(name = "{0} -smp {1}")
    @CsvSource({
        "irq, 1, 90", "irq, 2, 110", "irq, 4, 110",
        "sipi, 2, 4", "sipi, 8, 10", "sipi, 32, 34",
        "atomics, 4, 70",
    })
    void everyCheckPasses(String guest, int cpus, int leastChecks) {
        PcMachine.Run run =
                PcMachine.bootingGuest("tests/" + guest + ".elf").cpus(cpus).memory(256).run();

        assertEquals(List.of(), run.lines().stream().filter(l -> l.startsWith("not ok")).toList());
        assertEquals(SUCCESS, run.exitCode(), run::serial);
        long checks = run.lines().stream().filter(line -> line.startsWith("ok ")).count();
        assertTrue(checks >= leastChecks, () -> checks + " checks, " + leastChecks + " expected");
        assertTrue(run.lines().contains("1.." + checks), "as many as were announced");
    }

    @Test
    void theBaselineProcessorPassesTheSameChecks() {
        PcMachine.Run run = PcMachine.bootingGuest("tests/irq.elf").cpus(2).cpu("qemu64").run();

        assertEquals(List.of(), run.lines().stream().filter(l -> l.startsWith("not ok")).toList());
        assertEquals(SUCCESS, run.exitCode(), run::serial);
    }

    /** Fields of an APIC ID are whole bits wide, so three cores leave a gap. */
    @ParameterizedTest(name = "{0} sockets, {1} cores, {2} threads")
    @CsvSource({"2, 3, 1, 0 1 2 4 5 6", "1, 3, 2, 0 1 2 3 4 5", "3, 1, 2, 0 1 2 3 4 5"})
    void apicIdsFollowTheTopologyAndEveryProcessorStarts(
            int sockets, int cores, int threads, String apicIds) {
        PcMachine.Run run =
                PcMachine.bootingGuest("tests/sipi.elf")
                        .topology(sockets, cores, threads)
                        .commandLine("timeout=400")
                        .run();

        for (String id : apicIds.split(" ")) {
            String words = id.equals("0") ? "APIC id 0 is among" : "APIC id " + id + " starts and";
            assertTrue(run.serial().contains(words), () -> id + " in " + run.serial());
        }
        assertEquals(SUCCESS, run.exitCode(), run::serial);
    }

    @ParameterizedTest(name = "APIC ID {0}")
    @CsvSource({"254", "77"})
    void aMissingProcessorTimesOutInTheGuest(int absent) {
        PcMachine.Run run =
                PcMachine.bootingGuest("tests/sipi.elf")
                        .cpus(2)
                        .commandLine("timeout=400 absent=" + absent)
                        .run();

        assertTrue(
                run.serial().contains("CPU with APIC id " + absent + " did not answer"),
                run::serial);
        assertTrue(run.serial().contains("2 of 2 CPUs are online"), run::serial);
        assertEquals(SUCCESS, run.exitCode());
    }
}
