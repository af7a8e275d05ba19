package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIMD floating-point exceptions of packed instructions. Every row was executed on a processor. */
class PackedExceptionsTest {
    private static final long OSXMMEXCPT = 1 << 10;

    /** Operands in XMM0 and XMM1, the result in XMM0. */
    private static Vm execute(String code, String before, String[] operands) {
        Vm vm = Vm.bare();
        vm.cpu.mxcsr.set(Integer.parseInt(before, 16));
        for (int i = 0; i < operands.length; i++) {
            int register = i / 2 * Cpu.VECTOR_STRIDE;
            vm.cpu.xmm[register + 1 - i % 2] = Long.parseUnsignedLong(operands[i], 16);
        }
        return vm.execute(code);
    }

    @ParameterizedTest(name = "{0} with MXCSR {2}: MXCSR {4}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # name | code | mxcsr | operands, high half first | mxcsr after
            a later element's invalid operation hides an earlier one's precision | 0F58C1 | 0F00 | 0 7FA000003DCCCCCD 0 3F8000003E4CCCCD | 0F01
            a later element's invalid operation is found before the first's precision | 0F58C1 | 0F80 | 0 7FA000003DCCCCCD 0 3F8000003E4CCCCD | 0FA1
            an unmasked denormal operand brings all flags of its kind | 0F58C1 | 1E80 | 7F7FFFFF3DCCCCCD 7FA0000000000001 7F7FFFFF3DCCCCCD 3F8000003E4CCCCD | 1E83
            an unmasked overflow lets every element report | 0F58C1 | 1B80 | 7F7FFFFF3DCCCCCD 7FA0000000000001 7F7FFFFF3DCCCCCD 3F8000003E4CCCCD | 1BAB
            an exact result below the normal numbers is no precision exception when underflow is unmasked | 660F5AC1 | 1780 | 0 0 0 3800000000000000 | 1790
            a fault of a dot product's multiplications leaves its sums undone | 660F3A40C1F1 | 0000 | FF8000007F800000 3DCCCCCD 3F8000003F800000 3DCCCCCD | 0020
            a quiet comparison does not mind | 660FC2C100 | 1F00 | 7FF8000000000000 1 7FF0000000000000 1 | 1F02
            """)
    void areCollectedFromAllElements(
            String name, String code, String before, String operands, String after) {
        String[] values = operands.split(" ");
        try (Vm vm = execute(code, before, values)) {
            boolean faults = !name.startsWith("a quiet");
            assertEquals(faults ? ExceptionVector.SIMD_ERROR : -1, vm.vector());
            assertEquals(after, "%04X".formatted(vm.cpu.mxcsr.get()));
            if (faults) {
                assertEquals(values[0], "%X".formatted(vm.cpu.xmm[1]), "XMM0 must be as before");
                assertEquals(values[1], "%X".formatted(vm.cpu.xmm[0]), "XMM0 must be as before");
            }
        }
    }

    @Test
    void areInvalidOpcodesWhereTheSystemDoesNotHandleThem() {
        try (Vm vm = Vm.bare()) {
            vm.cpu.control.writeCr4(vm.cpu.control.cr4() & ~OSXMMEXCPT);
            vm.cpu.mxcsr.set(0);
            vm.cpu.xmm[0] = 0x3F80_0000L;

            vm.execute("0F5EC1"); // DIVPS xmm0, xmm1

            assertEquals(ExceptionVector.INVALID_OPCODE, vm.vector());
            assertEquals(0x5, vm.cpu.mxcsr.get());
            assertEquals(0x3F80_0000L, vm.cpu.xmm[0]);
        }
    }
}
