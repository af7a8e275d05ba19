package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.Outcome;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest kernel that Carafe brings: what a person sees first. */
class GuestKernelTest {
    private static final Pattern HELLO = Pattern.compile("Hello from CPU (\\d+)");
    private static final int FAILURE = 0x11 << 1 | 1; // the kernel writes 0x11 to isa-debug-exit

    @ParameterizedTest(name = "-smp {0}")
    @ValueSource(ints = {1, 2, 4, 8})
    void everyCpuIsCountedAndSaysHelloAndTheMachineSwitchesItselfOff(int cpus) {
        assertEverybodySaidHello(cpus, PcMachine.bootingGuest("kernel.elf").cpus(cpus).run());
    }

    @Test
    void sixtyFourCpusStartOnFewHostCores() {
        PcMachine machine = PcMachine.bootingGuest("kernel.elf").cpus(64).memory(512);

        assertEverybodySaidHello(64, machine.run());
    }

    @Test
    void theMostCpusThatAMachineCanHaveStart() {
        PcMachine machine = PcMachine.bootingGuest("kernel.elf").cpus(255).memory(512);

        assertEverybodySaidHello(255, machine.run());
    }

    @Test
    void theOtherKindOfPcBootsTheSame() {
        PcMachine machine = PcMachine.bootingGuest("kernel.elf").cpus(2).model(MachineModel.Q35);

        assertEverybodySaidHello(2, machine.run());
    }

    @Test
    void severalMachinesRunAtOnceInOneJvm() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            List<Callable<PcMachine.Run>> machines =
                    IntStream.rangeClosed(1, 3)
                            .<Callable<PcMachine.Run>>mapToObj(
                                    n -> PcMachine.bootingGuest("kernel.elf").cpus(n)::run)
                            .toList();
            int cpus = 1;
            for (Future<PcMachine.Run> run : pool.invokeAll(machines)) {
                assertEverybodySaidHello(cpus, run.get());
                cpus++;
            }
        }
    }

    @Test
    void successIsAnExitCodeWhereTheKernelIsToldThePort() {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf").cpus(2).commandLine("exit=0x501").run();

        assertEquals(0x10 << 1 | 1, run.exitCode(), run.serial());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    panic        | 1 | KERNEL PANIC on CPU 0: asked for on the command line
                    nested-panic | 1 | KERNEL PANIC on CPU 0: asked for on the command line
                    double-panic | 4 | panics as asked
                    exception    | 2 | exception 6 #UD
                    """)
    void aPanicIsTheLastWordSaidOnceAndEndsWithAFailure(String test, int cpus, String words) {
        PcMachine.Run run =
                PcMachine.bootingGuest("kernel.elf")
                        .cpus(cpus)
                        .commandLine("test=" + test + " exit=0xf4")
                        .run();

        List<String> panics = run.lines().stream().filter(l -> l.contains("KERNEL PANIC")).toList();
        assertEquals(1, panics.size(), () -> "one CPU prints, others halt:\n" + run.serial());
        assertTrue(panics.getFirst().contains(words), panics::getFirst);
        assertEquals(FAILURE, run.exitCode());
    }

    private static void assertEverybodySaidHello(int cpus, PcMachine.Run run) {
        assertTrue(run.serial().contains("CPU Count: " + cpus + "\n"), run::serial);
        List<Integer> hellos =
                HELLO.matcher(run.serial())
                        .results()
                        .map(result -> Integer.valueOf(result.group(1)))
                        .toList();
        Set<Integer> everybody = IntStream.range(0, cpus).boxed().collect(Collectors.toSet());
        assertEquals(everybody, new TreeSet<>(hellos), run::serial);
        assertEquals(cpus, hellos.size(), () -> "each CPU says hello once:\n" + run.serial());
        assertWholeLines(run);
        assertInstanceOf(Outcome.PowerOff.class, run.outcome());
        assertEquals(0, run.exitCode());
    }

    /** The kernel's lock keeps lines whole, if locked instructions and stores work. */
    private static void assertWholeLines(PcMachine.Run run) {
        for (String line : run.lines()) {
            Matcher hello = HELLO.matcher(line);
            assertTrue(line.startsWith("INFO  "), () -> "a broken line: " + line);
            assertTrue(!hello.find() || hello.end() == line.length(), () -> "two lines: " + line);
        }
    }
}
