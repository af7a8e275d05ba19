package dev.carafe.core.isa.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;

/** When x87 exceptions are reported (SDM Vol. 1, "x87 FPU Exception Synchronization"). */
class X87ExceptionsTest {
    private static final int MATH_FAULT = 16;
    private static final int PAGE_FAULT = 14;
    private static final int DEVICE_NOT_AVAILABLE = 7;
    private static final String DIVIDE_ONE_BY_ZERO = "DB E3 D9 E8 D9 EE 66 C7 03 7B 03 D9 2B DE F9";

    private final Vm vm = Vm.bare().set(3, Vm.DATA);

    private void reportNatively() {
        vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_NE);
    }

    @Test
    void anUnmaskedExceptionIsReportedByTheNextWaitingInstruction() {
        reportNatively();
        vm.execute(DIVIDE_ONE_BY_ZERO + "DF E0 DB E4 9B");

        assertEquals(MATH_FAULT, vm.vector());
        assertEquals(
                0xB084L, vm.reg(0) & 0xFFFF, "FNSTSW does not wait; both operands are still there");
    }

    @Test
    void fnclexAndFninitForgetIt() {
        reportNatively();

        assertEquals(-1, vm.execute(DIVIDE_ONE_BY_ZERO + "DB E2 9B").vector());
        assertEquals(-1, vm.execute(DIVIDE_ONE_BY_ZERO + "DB E3 9B").vector());
    }

    @Test
    void fldcwThatUnmasksAFlagMakesItPending() {
        reportNatively();
        vm.execute("DB E3 D9 E8 D9 EE DE F9 66 C7 03 7B 03 D9 2B D9 E8");

        assertEquals(MATH_FAULT, vm.vector());
    }

    @Test
    void theEnvironmentTellsTheInstructionThatFailed() {
        reportNatively();
        vm.execute(DIVIDE_ONE_BY_ZERO + "D9 33");

        assertEquals(Vm.CODE + 13, vm.get64(Vm.DATA + 12) & 0xFFFF_FFFFL, "FIP");
        assertEquals(0x6F9, vm.get64(Vm.DATA + 18) & 0xFFFF, "FOP");
        assertTrue((vm.cpu.x87.controlWord & 0x3F) == 0x3F, "FNSTENV masks all exceptions");
    }

    @Test
    void withoutNeNothingIsReported() {
        vm.cpu.control.writeCr0(vm.cpu.control.cr0() & ~ControlBits.CR0_NE);

        assertEquals(-1, vm.execute(DIVIDE_ONE_BY_ZERO + "9B").vector());
    }

    @Test
    void aTaskSwitchedFpuIsNotAvailable() {
        vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_TS);

        assertEquals(DEVICE_NOT_AVAILABLE, vm.execute("D9 E8").vector());
    }

    @Test
    void aPageFaultOfAStoreComesBeforeAnExceptionThatPreventsTheStore() {
        vm.cpu.x87.initialize();
        vm.cpu.x87.setControlWord(0x37E);
        vm.map(Vm.DATA, 0);
        vm.cpu.memory.flush();

        assertEquals(PAGE_FAULT, vm.execute("D9 1B").vector(), "FSTP m32 of an empty register");
        assertEquals(0, vm.cpu.x87.statusWord);
    }
}
