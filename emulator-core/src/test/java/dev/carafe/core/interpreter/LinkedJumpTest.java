package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.RAX;
import static dev.carafe.core.cpu.Registers.RBX;
import static dev.carafe.core.interpreter.Vm.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Events;
import org.junit.jupiter.api.Test;

/**
 * A jump inside a page is linked to its target when it is executed first; an interrupt or a trap
 * that comes right behind it, whose handler lies in the same page, is no target.
 */
class LinkedJumpTest {
    private static final int INTERRUPT_GATE = 14;
    private static final int VECTOR = 0x40;
    private static final int DEBUG = 1;
    private static final long HANDLER = CODE + 0x100;
    private static final long TRAP_FLAG = 0x100;
    private static final long ALWAYS_ONE = 2;

    private final Vm vm = Vm.bare();

    private void handlerOf(int vector, String code) {
        vm.machine.gate64(vector, INTERRUPT_GATE, 1, HANDLER);
        vm.code(HANDLER, code);
    }

    @Test
    void anInterruptBehindAJumpDoesNotBecomeItsTarget() {
        handlerOf(VECTOR, "FF C3 48 CF"); // INC EBX; IRETQ
        vm.machine.apic.vector = VECTOR;
        vm.cpu.events.raise(Events.INTERRUPT);

        vm.execute("FB EB 02 0F 0B FF C0"); // STI; JMP over UD2; INC EAX
        vm.cpu.events.clear(Events.INTERRUPT);
        vm.from(CODE + 1);

        assertEquals(1, vm.reg(RBX), "interrupts taken");
        assertEquals(2, vm.reg(RAX), "ways to the jump's target");
    }

    @Test
    void aSingleStepTrapBehindAJumpDoesNotBecomeItsTarget() {
        handlerOf(DEBUG, "FF C3 48 C7 44 24 10 02 00 00 00 48 CF"); // INC EBX; RFLAGS := 2; IRETQ
        vm.flags(ALWAYS_ONE | TRAP_FLAG);

        vm.execute("EB 02 0F 0B FF C0"); // JMP over UD2; INC EAX
        vm.from(CODE);

        assertEquals(1, vm.reg(RBX), "traps taken");
        assertEquals(2, vm.reg(RAX), "ways to the jump's target");
    }
}
