package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.board.Outcome;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guest kernel's own suite: every test of it, both ways of starting the processors. */
class GuestSuiteTest {
    private static final int SUCCESS = 0x10 << 1 | 1; // the kernel writes 0x10 to isa-debug-exit
    private static final int FAILURE = 0x11 << 1 | 1;
    private static final int LEAST_TESTS = 30;
    private static final String LOCKING_TESTS =
            "lock_stress,lock_pair,rwlock,mutex,ipi_call_storm,offline_online,frames,stealing,"
                    + "lost_wakeups,fork_across";
    private static final String LINE = "# line %d of 20 from CPU %d, all of it at once";

    @ParameterizedTest(name = "-smp {0} ap={1}")
    @CsvSource({"1, limine", "4, limine", "4, sipi"})
    void everyTestOfTheKernelPasses(int cpus, String way) {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf")
                        .cpus(cpus)
                        .commandLine("tests=all ap=" + way)
                        .run();

        assertEquals(List.of(), failures(run), run::serial);
        long passed = run.lines().stream().filter(line -> line.startsWith("ok ")).count();
        assertTrue(passed >= LEAST_TESTS, () -> passed + " tests in " + run.serial());
        assertTrue(run.lines().contains("1.." + passed), () -> "as announced: " + run.serial());
        assertTrue(run.lines().contains("# " + passed + " passed, 0 failed"), run::serial);
        assertEquals(SUCCESS, run.exitCode(), run::serial);
    }

    @Test
    void theKernelThatChecksItsLockOrderFindsNothingWrong() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel-debug.elf")
                        .cpus(4)
                        .commandLine("tests=" + LOCKING_TESTS)
                        .run();

        assertEquals(List.of(), failures(run), run::serial);
        assertEquals(SUCCESS, run.exitCode(), run::serial);
    }

    @Test
    void andItNoticesALockTakenInTheWrongOrder() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel-debug.elf")
                        .commandLine("test=lock-order exit=0xf4")
                        .run();

        assertTrue(
                run.serial().contains("takes the lock low (rank 10) while it holds high"),
                run::serial);
        assertEquals(FAILURE, run.exitCode());
    }

    @Test
    void linesFromAllProcessorsStayWhole() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf").cpus(4).commandLine("tests=log_lines").run();

        Set<String> expected = new TreeSet<>();
        for (int cpu = 0; cpu < 4; cpu++) {
            for (int line = 1; line <= 20; line++) {
                expected.add(LINE.formatted(line, cpu));
            }
        }
        List<String> lines = run.lines().stream().filter(l -> l.contains("from CPU")).toList();
        assertEquals(80 + 4, lines.size(), run::serial); // four say hello
        assertTrue(lines.containsAll(expected), run::serial);
    }

    @Test
    void aPanicStopsTheOtherProcessorsAndTellsOfEachOnce() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf")
                        .cpus(4)
                        .commandLine("test=panic exit=0xf4")
                        .run();

        for (int cpu = 1; cpu < 4; cpu++) {
            String words = "ERROR CPU " + cpu + " was stopped:";
            assertEquals(1, run.lines().stream().filter(words::equals).count(), run::serial);
        }
        assertTrue(run.serial().contains("work_idle_loop+0x"), run::serial);
        assertEquals(FAILURE, run.exitCode());
    }

    @Test
    void itTellsWhatItFoundOutAboutTheProcessors() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf")
                        .topology(2, 3, 1)
                        .commandLine("debug=cpu ap=sipi")
                        .run();

        assertTrue(run.serial().contains("3: APIC id 4, processor id 3, package 1 core 0"));
        assertTrue(run.serial().contains("MADT, loader and CPUID agree on 6 CPUs"), run::serial);
        assertTrue(run.serial().contains("SMP initialization complete: 6 CPUs online"));
    }

    /** guest-kernel/README.md, "Broken twins"; those that hang are left to the tools that tell. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "null-idt, limine",
        "gs-early, limine",
        "lapic-address, sipi",
        "short-trampoline, sipi"
    })
    void aTwinWhoseProcessorCannotStartEndsInATripleFault(String twin, String way) {
        PcMachine.Run run =
                PcMachine.bootingGuest("twins/" + twin + ".elf")
                        .cpus(4)
                        .commandLine("ap=" + way)
                        .run();

        assertInstanceOf(Outcome.TripleFault.class, run.outcome(), run::serial);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no-eoi, timer_periodic",
        "unlocked-counter, lock_stress",
        "two-counters, distribution"
    })
    void aTwinThatMiscountsFailsItsTest(String twin, String test) {
        PcMachine.Run run = PcMachine.bootingGuest("twins/" + twin + ".elf").cpus(4).run();

        assertTrue(failures(run).stream().anyMatch(l -> l.contains(test)), run::serial);
        assertEquals(FAILURE, run.exitCode());
    }

    private static List<String> failures(PcMachine.Run run) {
        return run.lines().stream().filter(l -> l.startsWith("not ok")).toList();
    }
}
