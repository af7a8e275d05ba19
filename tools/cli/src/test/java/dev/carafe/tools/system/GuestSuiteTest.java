package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guest kernel's own suite: every test of it, both ways of starting the processors. */
class GuestSuiteTest {
    private static final int SUCCESS = 0x10 << 1 | 1; // the kernel writes 0x10 to isa-debug-exit
    private static final int LEAST_TESTS = 20;

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

    private static List<String> failures(PcMachine.Run run) {
        return run.lines().stream().filter(l -> l.startsWith("not ok")).toList();
    }
}
