package dev.carafe.core.isa.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XSAVE and its kin (SDM Vol. 1, "Managing State Using the XSAVE Feature Set"). */
class XsaveTest {
    private static final String XSAVE = "480FAE27";
    private static final String XRSTOR = "480FAE2F";
    private static final String XSAVEOPT = "480FAE37";
    private static final String XSAVEC = "480FC727";
    private static final String XSAVES = "480FC72F";
    private static final String XRSTORS = "480FC71F";
    private static final long HEADER = Vm.DATA + 512;
    private static final long UPPER_HALVES = Vm.DATA + 576;
    private static final long UNTOUCHED = 0xCCCC_CCCC_CCCC_CCCCL;

    private static Vm vm(long requested) {
        Vm vm = Vm.bare();
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | ControlBits.CR4_OSXSAVE);
        vm.cpu.system.xcr0 = 7;
        vm.cpu.control.modeChanged();
        vm.cpu.x87.initialize();
        vm.set(Registers.RDI, Vm.DATA).set(Registers.RAX, requested).set(Registers.RDX, 0);
        for (int i = 0; i < 1024; i += 8) {
            vm.put64(Vm.DATA + i, UNTOUCHED);
        }
        for (int i = 0; i < 64; i += 8) {
            vm.put64(HEADER + i, 0);
        }
        return vm;
    }

    @ParameterizedTest(name = "{0} of {1} with {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # Every row was executed on a processor.
            # what    | RFBM | in use | BV before | BV after | compaction       | MXCSR word       | XMM0             | YMM0 above
            xsave     | 7    | none   | 7         | 0        | 0                | FFFF00001F80     | 0                | 0
            xsave     | 1    | ymm    | 7         | 6        | 0                | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC
            xsave     | 4    | ymm    | 7         | 7        | 0                | FFFF00001F80     | CCCCCCCCCCCCCCCC | 9
            xsave     | 2    | mxcsr  | 7         | 5        | 0                | FFFF00001F81     | 0                | CCCCCCCCCCCCCCCC
            xsaveopt  | 7    | none   | 7         | 0        | 0                | FFFF00001F80     | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC
            xsaveopt  | 7    | mxcsr  | 7         | 0        | 0                | FFFF00001F81     | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC
            xsaveopt  | 7    | ymm    | 7         | 6        | 0                | FFFF00001F80     | 5                | 9
            xsavec    | 7    | none   | 7         | 0        | 8000000000000007 | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC
            xsavec    | 6    | mxcsr  | 7         | 2        | 8000000000000006 | FFFF00001F81     | 0                | CCCCCCCCCCCCCCCC
            xsavec    | 5    | ymm    | 7         | 4        | 8000000000000005 | CCCCCCCCCCCCCCCC | CCCCCCCCCCCCCCCC | 9
            """)
    void savesWhatIsAskedForAndInUse(
            String what,
            long requested,
            String inUse,
            long present,
            String presentAfter,
            String compaction,
            String mxcsr,
            String low,
            String upper) {
        try (Vm vm = vm(requested)) {
            vm.put64(HEADER, present);
            if (inUse.equals("ymm")) {
                vm.cpu.xmm[0] = 5;
                vm.cpu.xmm[2] = 9;
            }
            vm.cpu.mxcsr.set(inUse.equals("mxcsr") ? 0x1F81 : 0x1F80);

            vm.execute(
                    switch (what) {
                        case "xsave" -> XSAVE;
                        case "xsaveopt" -> XSAVEOPT;
                        default -> XSAVEC;
                    });

            assertEquals(-1, vm.vector());
            assertEquals(presentAfter, "%X".formatted(vm.get64(HEADER)));
            assertEquals(compaction, "%X".formatted(vm.get64(HEADER + 8)));
            assertEquals(mxcsr, "%X".formatted(vm.get64(Vm.DATA + 24)));
            assertEquals(low, "%X".formatted(vm.get64(Vm.DATA + 160)));
            assertEquals(upper, "%X".formatted(vm.get64(UPPER_HALVES)));
        }
    }

    @ParameterizedTest(name = "BV {1}, compaction {2}: vector {4}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # code    | BV | compaction       | next | vector
            480FAE2F  | 7  | 0                | 0    | -1
            480FAE2F  | 8  | 0                | 0    | 13
            480FAE2F  | 3  | 1                | 0    | 13
            480FAE2F  | 3  | 0                | 1    | 13
            480FAE2F  | 3  | 8000000000000007 | 0    | -1
            480FAE2F  | 7  | 8000000000000003 | 0    | 13
            480FAE2F  | 1  | 8000000000000009 | 0    | 13
            480FC71F  | 3  | 8000000000000003 | 0    | -1
            480FC71F  | 3  | 0                | 0    | 13
            """)
    void checksTheHeader(String code, long present, String compaction, long next, int vector) {
        try (Vm vm = vm(7)) {
            vm.put64(Vm.DATA + 24, 0x1F80);
            vm.put64(HEADER, present);
            vm.put64(HEADER + 8, Long.parseUnsignedLong(compaction, 16));
            vm.put64(HEADER + 16, next);

            vm.execute(code);

            assertEquals(vector, vm.vector());
        }
    }

    @Test
    void restoresOrInitializesEachComponent() {
        try (Vm vm = vm(7)) {
            Cpu cpu = vm.cpu;
            vm.put64(HEADER, 4);
            vm.put64(Vm.DATA + 24, 0x1F8F);
            vm.put64(UPPER_HALVES, 9);
            cpu.xmm[0] = 5;
            cpu.xmm[2] = 6;
            cpu.x87.controlWord = 0x7F;

            vm.execute(XRSTOR);

            assertEquals(0x37F, cpu.x87.controlWord);
            assertEquals(0, cpu.xmm[0]);
            assertEquals(9, cpu.xmm[2]);
            assertEquals(0x1F8F, cpu.mxcsr.get(), "MXCSR is loaded whatever XSTATE_BV says");
        }
    }

    @Test
    void keepsTheShadowStackPointersOfUserAndSupervisor() {
        try (Vm vm = vm(0x1800)) {
            vm.cpu.system.xss = 0x1800;
            vm.cpu.flow.configure(true, 1);
            for (int level = 0; level < 4; level++) {
                vm.cpu.flow.setStack(level, 0x1000 * (level + 1));
            }

            vm.execute(XSAVES);

            assertEquals(0x1800, vm.get64(HEADER));
            assertEquals(0x8000_0000_0000_1800L, vm.get64(HEADER + 8));
            long[] expected = {1, 0x4000, 0x1000, 0x2000, 0x3000, UNTOUCHED};
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], vm.get64(Vm.DATA + 576 + i * 8L), "word " + i);
            }

            vm.cpu.flow.configure(true, 0);
            vm.cpu.flow.setStack(3, 0);
            vm.put64(HEADER, 0x800);
            vm.execute(XRSTORS);

            assertEquals(1, vm.cpu.flow.configuration(true));
            assertEquals(0x4000, vm.cpu.flow.stack(3));
            assertEquals(0, vm.cpu.flow.stack(0), "initialized, since XSTATE_BV has no CET_S");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a reserved bit of IA32_U_CET, 0, 40",
        "a misaligned IA32_PL3_SSP, 1, 2",
        "an IA32_PL2_SSP that is not canonical, 4, 100000000000000"
    })
    void takesNothingFromAnAreaWithABadRegister(String what, int word, String value) {
        try (Vm vm = vm(0x1804)) {
            vm.cpu.system.xss = 0x1800;
            vm.cpu.xmm[2] = 9;
            for (int i = 0; i < 40; i++) {
                vm.put64(Vm.DATA + 576 + i * 8L, 0);
            }
            vm.put64(HEADER, 0x1800);
            vm.put64(HEADER + 8, 0x8000_0000_0000_1800L);
            vm.put64(Vm.DATA + 576 + word * 8L, Long.parseUnsignedLong(value, 16));

            vm.execute(XRSTORS);

            assertEquals(13, vm.vector());
            assertEquals(9, vm.cpu.xmm[2], "AVX is not initialized either");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # what                    | code     | address | XCR0 asked for | vector
            unaligned area            | 480FAE27 | 16      | 0              | 13
            register instead of area  | 0FAEE7   | 0       | 0              | 6
            XSETBV without x87        | 0F01D1   | 0       | 2              | 13
            XSETBV AVX without SSE    | 0F01D1   | 0       | 5              | 13
            XSETBV unknown            | 0F01D1   | 0       | F              | 13
            XSETBV                    | 0F01D1   | 0       | 3              | -1
            """)
    void checks(String name, String code, long offset, String wanted, int vector) {
        try (Vm vm = vm(Long.parseLong(wanted, 16))) {
            vm.set(Registers.RDI, Vm.DATA + offset).set(Registers.RCX, 0);

            vm.execute(code);

            assertEquals(vector, vm.vector());
        }
    }

    @Test
    void needsTheOperatingSystem() {
        for (String code : new String[] {XSAVE, XRSTOR, XSAVEOPT, XSAVEC, XSAVES, XRSTORS}) {
            try (Vm vm = vm(7)) {
                vm.cpu.control.writeCr4(vm.cpu.control.cr4() & ~ControlBits.CR4_OSXSAVE);
                assertEquals(ExceptionVector.INVALID_OPCODE, vm.execute(code).vector(), code);
            }
            try (Vm vm = vm(7)) {
                vm.cpu.control.writeCr0(vm.cpu.control.cr0() | ControlBits.CR0_TS);
                assertEquals(ExceptionVector.DEVICE_NOT_AVAILABLE, vm.execute(code).vector(), code);
            }
        }
    }
}
