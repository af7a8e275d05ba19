package dev.carafe.core.isa.sse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** VEX-encoded vector instructions (SDM Vol. 2, "VEX and the Operating System"). */
class VexTest {
    private static final long X87_SSE_AVX = 7;
    private static final long UNMAPPED = 0xE000;

    private static Vm vm() {
        Vm vm = Vm.bare();
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | ControlBits.CR4_OSXSAVE);
        vm.cpu.system.xcr0 = X87_SSE_AVX;
        vm.cpu.control.modeChanged();
        return vm;
    }

    private static void setYmm(Vm vm, int register, String value) {
        String[] lanes = value.split("_");
        for (int i = 0; i < lanes.length; i++) {
            vm.cpu.xmm[register * Cpu.VECTOR_STRIDE + i] =
                    Long.parseUnsignedLong(lanes[lanes.length - 1 - i], 16);
        }
    }

    private static String ymm(Vm vm, int register) {
        int at = register * Cpu.VECTOR_STRIDE;
        long[] xmm = vm.cpu.xmm;
        return "%016X_%016X_%016X_%016X".formatted(xmm[at + 3], xmm[at + 2], xmm[at + 1], xmm[at]);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(resources = "avx.rows", delimiter = '|')
    void givesWhatAProcessorGave(
            String name,
            String code,
            String before,
            String first,
            String second,
            String after,
            String mxcsr) {
        try (Vm vm = vm()) {
            setYmm(vm, 1, before);
            setYmm(vm, 2, first);
            setYmm(vm, 3, second);

            vm.execute(code);

            assertEquals(-1, vm.vector());
            assertEquals(after, ymm(vm, 1));
            assertEquals(mxcsr, "%04X".formatted(vm.cpu.mxcsr.get()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # what is missing  | CR4 | XCR0 | CR0.TS | vector
            nothing            | 1   | 7    | 0      | -1
            CR4.OSXSAVE        | 0   | 7    | 0      | 6
            AVX state          | 1   | 3    | 0      | 6
            SSE state          | 1   | 1    | 0      | 6
            task not switched  | 1   | 7    | 1      | 7
            all of it          | 0   | 1    | 1      | 6
            """)
    void needsTheOperatingSystem(String name, int osxsave, long xcr0, int ts, int vector) {
        try (Vm vm = vm()) {
            long cr4 = vm.cpu.control.cr4();
            vm.cpu.control.writeCr4(osxsave != 0 ? cr4 : cr4 & ~ControlBits.CR4_OSXSAVE);
            vm.cpu.system.xcr0 = xcr0;
            vm.cpu.control.writeCr0(vm.cpu.control.cr0() | (ts != 0 ? ControlBits.CR0_TS : 0));

            vm.execute("C5F877"); // VZEROUPPER

            assertEquals(vector, vm.vector());
        }
    }

    @Test
    void isUndefinedInRealMode() {
        try (Vm vm = Vm.realMode()) {
            vm.execute("C5F877");

            assertEquals(ExceptionVector.INVALID_OPCODE, vm.vector());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            VADDPS with VEX.vvvv       | C5EC580F           | 8 | -1
            VMOVUPS                    | C5FC100F           | 8 | -1
            VMOVAPS ymm wants 32       | C5FC280F           | 16 | 13
            VMOVAPS xmm wants 16       | C5F8280F           | 16 | -1
            VMOVNTPS ymm wants 32      | C5FC2B0F           | 16 | 13
            MOVAPS after all           | 0F280F             | 8 | 13
            VSQRTPS with another vvvv  | C5EC51CB           | 0 | 6
            LOCK before VEX            | F0C5FC58CB         | 0 | 6
            REX before VEX             | 40C5FC58CB         | 0 | 6
            VPERMQ with W0             | C4E37D00CB1B       | 0 | 6
            VPERMQ with L0             | C4E3F900CB1B       | 0 | 6
            VGATHERDPS mask is index   | C4E26D924C5700     | 0 | 6
            """)
    void checksEncodingAndAlignment(String name, String code, long offset, int vector) {
        try (Vm vm = vm()) {
            vm.set(7, Vm.DATA + offset);

            vm.execute(code);

            assertEquals(vector, vm.vector());
        }
    }

    @Test
    void storesNothingOfAnOperandWhoseSecondPageIsMissing() {
        try (Vm vm = vm()) {
            vm.map(UNMAPPED, 0);
            vm.cpu.memory.flush();
            vm.put64(UNMAPPED - 8, 0x1111);
            setYmm(vm, 1, "4_3_2_1");
            vm.set(7, UNMAPPED - 8);

            vm.execute("C5FC110F"); // VMOVUPS [rdi], ymm1

            assertEquals(ExceptionVector.PAGE_FAULT, vm.vector());
            assertEquals(UNMAPPED, vm.cpu.control.cr2());
            assertEquals(0x1111, vm.get64(UNMAPPED - 8));
        }
    }

    @Test
    void gathersWhatPrecedesTheElementThatFaults() {
        try (Vm vm = vm()) {
            vm.map(UNMAPPED, 0);
            vm.cpu.memory.flush();
            vm.set(7, Vm.DATA);
            vm.put64(Vm.DATA, 0x2222_2222_1111_1111L);
            setYmm(vm, 1, "0_0_0_0");
            setYmm(vm, 2, "0_0_FFFFFFFFFFFFFFFF_FFFFFFFF7FFFFFFF");
            setYmm(vm, 3, "0_0_00000000%08X_0000000100000000".formatted(UNMAPPED - Vm.DATA));

            vm.execute("C4E269900C1F"); // VPGATHERDD xmm1, [rdi+xmm3*1], xmm2

            assertEquals(ExceptionVector.PAGE_FAULT, vm.vector());
            long[] destination = {vm.cpu.xmm[4], vm.cpu.xmm[5]};
            long[] mask = {vm.cpu.xmm[8], vm.cpu.xmm[9]};
            assertArrayEquals(new long[] {0x2211_1111_0000_0000L, 0}, destination);
            assertArrayEquals(new long[] {0, -1}, mask);
        }
    }

    @Test
    void masksOutAccessesToMissingPages() {
        try (Vm vm = vm()) {
            vm.map(UNMAPPED, 0);
            vm.cpu.memory.flush();
            vm.put64(UNMAPPED - 8, 77);
            vm.set(7, UNMAPPED - 8);
            setYmm(vm, 2, "0_0_0_8000000000000000");

            vm.execute("C4E2E98C0F"); // VPMASKMOVQ xmm1, xmm2, [rdi]

            assertEquals(-1, vm.vector());
            assertEquals("%064X".formatted(77), ymm(vm, 1).replace("_", ""));
        }
    }
}
