package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** MMX instructions, and what they do to the x87 FPU (SDM Vol. 1, "MMX Registers"). */
class MmxTest {
    private static final int TOP_5 = 5 << 11;
    private static final int EMPTY = 0xFFFF;

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(resources = "mmx.rows", delimiter = '|')
    void givesWhatAProcessorGave(String name, String code, String operands, String after) {
        try (Vm vm = Vm.bare()) {
            String[] values = operands.split(" ");
            for (int i = 0; i < values.length; i++) {
                vm.cpu.x87.significand[i + 1] = Long.parseUnsignedLong(values[i], 16);
            }

            vm.execute(code);

            assertEquals(-1, vm.vector());
            assertEquals(after, Vm.hex(vm.cpu.x87.significand[1]));
        }
    }

    @Test
    void entersTheMmxState() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.x87.statusWord = TOP_5;
            vm.cpu.x87.tagWord = EMPTY;
            vm.cpu.x87.significand[3] = 7;
            vm.cpu.x87.signExponent[3] = 0x4000;

            vm.execute("0FFCDB"); // PADDB mm3, mm3

            assertEquals(14, vm.cpu.x87.significand[3]);
            assertEquals(0xFFFF, vm.cpu.x87.signExponent[3]);
            assertEquals(0, vm.cpu.x87.statusWord);
            assertEquals(0, vm.cpu.x87.tagWord);
        }
    }

    @Test
    void leavesTheX87StateAloneWhenItsOperandFaults() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.x87.statusWord = TOP_5;
            vm.cpu.x87.tagWord = EMPTY;
            vm.set(7, 1L << 40);

            vm.execute("0FFC0F"); // PADDB mm1, [rdi]

            assertEquals(ExceptionVector.PAGE_FAULT, vm.vector());
            assertEquals(TOP_5, vm.cpu.x87.statusWord);
            assertEquals(EMPTY, vm.cpu.x87.tagWord);
        }
    }

    @Test
    void isUnavailableTogetherWithTheFpu() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_TS);
            assertEquals(ExceptionVector.DEVICE_NOT_AVAILABLE, vm.execute("0FFCDB").vector());
        }
        try (Vm vm = Vm.bare()) {
            vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_EM);
            assertEquals(ExceptionVector.INVALID_OPCODE, vm.execute("0FFCDB").vector());
        }
    }
}
