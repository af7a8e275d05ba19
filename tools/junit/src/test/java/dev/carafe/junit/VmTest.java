package dev.carafe.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/** The kernel that Carafe brings, as a test sees it. */
class VmTest {
    @CarafeMachine(cpus = 2)
    private Vm vm;

    @Test
    void theConsoleIsExpectedInOrderAndTheMachineSwitchesItselfOff() {
        Matcher count = vm.serial().expect("^INFO  CPU Count: (\\d+)$");
        vm.serial().expect("All 2 CPUs are online");

        assertEquals("2", count.group(1));
        assertEquals(new Ending(Ending.Kind.POWER_OFF, 0, ""), vm.awaitEnd());
        AssertionError error =
                assertThrows(AssertionError.class, () -> vm.serial().expect("Count"));
        assertTrue(error.getMessage().contains("did not say 'Count' and the machine ended"));
    }

    @Test
    void aParametersMachineIsItsOwn(
            @CarafeMachine(
                            commandLine = "exit=0xf4",
                            options = {"-device", "isa-debug-exit,iobase=0xf4"})
                    Vm other) {
        other.awaitExit(0x10 << 1 | 1);

        assertTrue(other.serial().text().contains("CPU Count: 1"), other.serial().text());
        assertEquals(0, vm.executed(), "the field's has not started");
    }

    @Test
    void breakpointsSeeEveryProcessorThatComesBy() {
        Set<Integer> seen = new ConcurrentSkipListSet<>();
        Breakpoint hello = vm.onCall("log_info", cpu -> seen.add(cpu.index()));

        vm.awaitEnd();

        assertEquals(Set.of(0, 1), new TreeSet<>(seen));
        assertTrue(hello.hits() >= 2, () -> hello.hits() + " hits");
    }

    @Test
    void registersAndMemoryAreReadAndWrittenByName() {
        long entry = vm.symbol("kernel_entry");
        Breakpoint start =
                vm.onCall(
                        "kernel_entry",
                        cpu -> {
                            assertEquals(entry, cpu.register("rip"));
                            cpu.setRegister("rbx", 0x1234);
                            assertEquals(0x1234, cpu.register("rbx"));
                            assertTrue(cpu.toString().startsWith("CPU 0 at kernel_entry"));
                        });

        start.awaitHit();
        byte[] code = vm.memory().read("kernel_entry", 4);
        vm.memory().write("kernel_entry", code);

        assertEquals(4, code.length);
        assertThrows(IllegalArgumentException.class, () -> vm.symbol("no_such_symbol"));
        assertThrows(IllegalArgumentException.class, () -> vm.cpu(0).register("no_such"));
        assertThrows(IllegalArgumentException.class, () -> vm.cpu(0).read(0x10, 4));
    }

    @Test
    void whatABreakpointThrowsFailsTheTest() {
        AssertionError wrong = new AssertionError("not like this");
        Breakpoint start =
                vm.onCall(
                        "kernel_entry",
                        cpu -> {
                            throw wrong;
                        });

        assertSame(wrong, assertThrows(AssertionError.class, start::awaitHit));
    }

    @Test
    void aPausedMachineStandsStillUntilItIsResumed() {
        vm.serial().expect("CPU Count");
        vm.pause();
        long before = vm.executed();
        long rip = vm.cpu(0).register("rip");

        assertEquals(rip, vm.cpu(0).register("rip"));
        assertEquals(before, vm.executed());
        vm.resume();
        vm.serial().expect("online");
    }

    @Test
    void aRemovedBreakpointStopsNobody() {
        Breakpoint start = vm.onCall("kernel_entry", cpu -> {});
        start.remove();

        vm.awaitEnd();

        assertEquals(0, start.hits());
    }

    @Test
    void watchpointsSeeWrites() {
        Breakpoint counted = vm.onWrite("cpu_count", Integer.BYTES, cpu -> {});

        counted.awaitHit();
        vm.serial().expect("online");

        assertEquals(2, vm.memory().readInt("cpu_count"));
    }

    @Test
    void aTripleFaultIsExplained() {
        vm.onCall("kernel_entry", cpu -> cpu.setRegister("rip", 0x10)).awaitHit();

        Ending how = vm.awaitEnd();

        assertEquals(Ending.Kind.TRIPLE_FAULT, how.kind());
        assertEquals(112, how.exitCode());
        VmReport report = vm.reports().getFirst();
        assertTrue(report.headline().startsWith("TRIPLE FAULT on CPU 0"), report::text);
        assertEquals(how.report(), report.text());
    }

    @Test
    void aGuestThatRunsOnIsEndedByItsInstructions(
            @CarafeMachine(limitInstructions = 100_000, verdicts = false) Vm limited) {
        byte[] jumpToItself = {(byte) 0xEB, (byte) 0xFE};
        limited.memory().write("kernel_entry", jumpToItself);

        Ending how = limited.awaitEnd();

        assertEquals(Ending.Kind.LIMIT, how.kind(), how::report);
        assertEquals(124, how.exitCode());
    }

    @Test
    void aGuestThatCanNeverGoOnIsEndedAtOnce(@CarafeMachine(commandLine = "test=panic") Vm dead) {
        AssertionError error =
                assertThrows(AssertionError.class, () -> dead.serial().expect("never"));

        assertTrue(error.getMessage().contains("DEAD_MACHINE"), error::getMessage);
    }
}
