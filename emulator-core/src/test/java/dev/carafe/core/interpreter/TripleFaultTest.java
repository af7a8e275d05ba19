package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.TableRegister;
import org.junit.jupiter.api.Test;

/**
 * A triple fault ends the run, whether an instruction or an event between two of them begins it.
 */
class TripleFaultTest {
    private static Vm vmWithoutIdt() {
        Vm vm = Vm.bare().code(Vm.CODE, "90 0F 0B F4"); // NOP; UD2; HLT
        vm.cpu.system.idtr = new TableRegister(0, 0);
        vm.cpu.rip = Vm.CODE;
        return vm;
    }

    @Test
    void anExceptionThatCannotBeDeliveredEndsTheRun() {
        try (Vm vm = vmWithoutIdt()) {
            assertEquals(StopReason.SHUTDOWN, vm.run(100));
            assertEquals(Vm.CODE + 1, vm.cpu.rip);
        }
    }

    @Test
    void anNmiThatCannotBeDeliveredEndsTheRun() {
        try (Vm vm = vmWithoutIdt()) {
            vm.cpu.events.raise(Events.NMI);

            assertEquals(StopReason.SHUTDOWN, vm.run(100));
            assertEquals(Vm.CODE, vm.cpu.rip, "nothing was executed");
        }
    }
}
