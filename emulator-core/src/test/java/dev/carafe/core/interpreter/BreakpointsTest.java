package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.carafe.core.cpu.Rflags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Breakpoints of the debug registers and single step (SDM Vol. 3B, "Debug Exceptions"). RBX and RDI
 * point at the data; DR0 stands where the row says.
 */
class BreakpointsTest {
    private static final int DB = 1;
    private static final long NONE = 0xFFFF_0FF0L;
    private static final long DE_PAE_SSE = 0x628;

    private static Vm vm(long dr0, long dr7) {
        return enable(Vm.bare(), dr0, dr7);
    }

    private static Vm enable(Vm vm, long dr0, long dr7) {
        vm.set(RBX, Vm.DATA).set(RDI, Vm.DATA - 2).set(RCX, 5).set(RAX, 0x11);
        vm.cpu.system.debug[0] = dr0;
        vm.cpu.system.debug[7] = dr7 | 0x400;
        vm.cpu.breakpoints.changed();
        return vm;
    }

    @ParameterizedTest(name = "{0}, DR0 = {1}, DR7 = {2}: {3} bytes executed")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # code                 | DR0  | DR7     | bytes before the trap
            90 48 89 03 90 90      | D000 | 10001   | 4
            90 48 89 03 90 90      | D000 | 30002   | 4
            90 48 89 03 90 90      | D004 | D0001   | 4
            90 89 03 90            | D004 | D0001   | -1
            90 48 8B 03 90         | D000 | 10001   | -1
            90 48 8B 03 90         | D000 | 30001   | 4
            48 11 03 90            | D007 | 10001   | 3
            48 0F C1 03 90         | D007 | 10001   | 4
            F0 48 0F C1 03 90      | D000 | 90001   | 5
            48 87 03 90            | D001 | 10001   | 3
            50 90                  | 7FF8 | 90001   | 1
            58 90                  | 8000 | B0001   | 1
            0F 11 03 90            | D00F | 10001   | 3
            48 89 03 90            | D000 | 10000   | -1
            # an instruction breakpoint is a fault
            90 90 90 90            | 5002 | 1       | 2
            90 90 90 90            | 5002 | 0       | -1
            90 EB 00 90 90         | 5004 | 1       | 4
            # ports
            90 E4 80 90            | 80   | 20001   | 3
            90 E6 80 90            | 82   | E0001   | 3
            90 E6 7F 90            | 80   | E0001   | -1
            """)
    void trapsBehindTheAccessAndFaultsBeforeTheInstruction(
            String code, String dr0, String dr7, int bytes) {
        try (Vm vm = vm(Long.parseLong(dr0, 16), Long.parseLong(dr7, 16))) {
            vm.cpu.control.writeCr4(vm.cpu.control.cr4() | DE_PAE_SSE);
            vm.execute(code);
            if (bytes < 0) {
                assertNull(vm.fault());
                assertEquals(NONE, vm.cpu.system.debug[6]);
                return;
            }
            assertEquals(DB, vm.vector());
            assertEquals(Vm.CODE + bytes, vm.fault().rip());
            assertEquals(NONE | 1, vm.cpu.system.debug[6]);
        }
    }

    @Test
    void aReadModifyWriteHappensOnce() {
        try (Vm vm = vm(Vm.DATA, 0x10001).flags(1).put64(Vm.DATA, -1)) {
            vm.execute("48 11 03"); // ADC [RBX], RAX
            assertEquals(0x11, vm.get64(Vm.DATA), "-1 + 11h + CF");
            assertEquals(1, vm.fault().flags() & 1);
        }
    }

    @Test
    void resumeFlagLetsTheInstructionExecute() {
        try (Vm vm = vm(Vm.CODE, 1)) {
            vm.flags(Rflags.RF).execute("90");
            assertNull(vm.fault());
        }
    }

    @Test
    void anInstructionBreakpointPushesResumeFlagClearAndAnotherFaultPushesItSet() {
        try (Vm vm = vm(Vm.CODE, 1)) {
            vm.execute("90");
            assertEquals(0, vm.fault().flags() & Rflags.RF);
        }
        try (Vm vm = vm(0, 0)) {
            vm.execute("0F 0B");
            assertEquals(Rflags.RF, vm.fault().flags() & Rflags.RF);
        }
    }

    @Test
    void aRepetitionStopsBehindTheIterationThatMatched() {
        try (Vm vm = vm(Vm.DATA, 0x10001)) {
            vm.execute("F3 AA"); // REP STOSB
            assertEquals(DB, vm.vector());
            assertEquals(Vm.CODE, vm.fault().rip());
            assertEquals(2, vm.reg(RCX));
            assertEquals(Vm.DATA + 1, vm.reg(RDI));
            assertEquals(Rflags.RF, vm.fault().flags() & Rflags.RF, "it is not over");
        }
    }

    @Test
    void aTrapBehindMovSsWaitsForTheNextInstruction() {
        try (Vm vm = vm(Vm.DATA, 0x30001).put64(Vm.DATA, 0x10)) {
            vm.execute("8E 13 90 90"); // MOV SS, [RBX]
            assertEquals(DB, vm.vector());
            assertEquals(Vm.CODE + 3, vm.fault().rip());
        }
    }

    @Test
    void anInstructionBreakpointBehindMovSsIsPassedOver() {
        try (Vm vm = vm(Vm.CODE + 2, 1).put64(Vm.DATA, 0x10)) {
            vm.execute("8E 13 90 90");
            assertNull(vm.fault());
        }
    }

    @Test
    void anInstructionBreakpointBehindMovSsActsOnAmdsProcessors() {
        try (Vm vm = Vm.bare("qemu64")) {
            enable(vm, Vm.CODE + 2, 1).put64(Vm.DATA, 0x10);
            vm.execute("8E 13 90 90");
            assertEquals(DB, vm.vector());
            assertEquals(Vm.CODE + 2, vm.fault().rip());
        }
    }

    @Test
    void breakpointsThatAreNotEnabledShowInDr6WithAnEnabledOne() {
        try (Vm vm = vm(Vm.DATA, 0x1010001)) {
            vm.cpu.system.debug[1] = 1;
            vm.cpu.system.debug[2] = Vm.DATA;
            vm.execute("88 03");
            assertEquals(NONE | 5, vm.cpu.system.debug[6]);
        }
    }

    @Test
    void aWatchedInstructionThatFaultsIsNotTrapped() {
        try (Vm vm = vm(Vm.DATA, 0x30001).map(0x9F000, 0)) {
            vm.set(RSI, Vm.DATA).set(RDI, 0x9F000).execute("A4"); // MOVSB
            assertEquals(14, vm.vector());
            assertEquals(NONE, vm.cpu.system.debug[6]);
        }
    }

    @ParameterizedTest(name = "{0}: behind {1} bytes")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            90 90                 | 0 | 1
            90 75 00 EB 00 90     | 2 | 5
            90 39 C0 74 01 90 90  | 2 | 6
            E8 00 00 00 00 90     | 2 | 5
            """)
    void singleStepStopsAtInstructionsOrAtBranches(String code, long debugControl, int bytes) {
        try (Vm vm = vm(0, 0)) {
            vm.flags(Rflags.TF | 0x40); // ZF
            vm.cpu.system.debugControl = debugControl;
            vm.execute(code);
            assertEquals(DB, vm.vector());
            assertEquals(Vm.CODE + bytes, vm.fault().rip());
            assertEquals(NONE | 1 << 14, vm.cpu.system.debug[6]);
            assertEquals(0, vm.cpu.system.debugControl, "BTF clears itself");
        }
    }
}
