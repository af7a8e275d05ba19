package org.example.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.junit.Breakpoint;
import dev.carafe.junit.CarafeMachine;
import dev.carafe.junit.Ending;
import dev.carafe.junit.Vm;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/** Tests of the kernel that Carafe brings; add {@code kernel = "build/kernel.elf"} for your own. */
class BootTest {
    @CarafeMachine(cpus = 4, memory = "256M")
    private Vm vm;

    @Test
    void allCpusComeOnline() {
        vm.serial().expect("CPU Count: 4");
        vm.serial().expect("All 4 CPUs are online");

        assertEquals(Ending.Kind.POWER_OFF, vm.awaitEnd().kind());
        assertTrue(vm.reports().isEmpty(), () -> vm.reports().toString());
    }

    @Test
    void everyApplicationProcessorPassesItsEntry() {
        Set<Integer> seen = new ConcurrentSkipListSet<>();
        Breakpoint entry = vm.onCall("ap_main", cpu -> seen.add(cpu.index()));

        vm.awaitEnd();

        assertEquals(Set.of(1, 2, 3), seen);
        assertEquals(3, entry.hits());
    }

    @Test
    void theCounterOfCpusIsRight() {
        vm.serial().expect("All 4 CPUs are online");
        vm.pause();

        assertEquals(4, vm.memory().readInt("cpu_count"));
    }

    @Test
    void aPanicIsReported(@CarafeMachine(commandLine = "test=panic") Vm broken) {
        broken.serial().expect("KERNEL PANIC on CPU 0: (.*)");
    }
}
