package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TestMachine;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Virtual-8086 mode with and without CR4.VME, and CR4.PVI (SDM Vol. 3B, "8086 Emulation"). Code
 * ends at a HLT, which is #GP(0) at its own address outside CPL 0.
 */
class VirtualInterruptsTest {
    private static final int VME = 1;
    private static final int MAP = 0x100; // I/O permission bit map; redirection bits below it
    private static final int REDIRECTION = MAP - 32;
    private static final int GP = 13;

    private static Vm vm(long cr4, long flags) {
        Vm vm = Vm.protectedMode();
        vm.machine.put32(TestMachine.TSS + 4, TestMachine.RSP0);
        vm.machine.put16(TestMachine.TSS + 8, TestMachine.KERNEL_DATA);
        vm.machine.put16(TestMachine.TSS + 0x66, MAP);
        vm.cpu.system.tr =
                new SystemSegment(TestMachine.TSS_SELECTOR, TestMachine.TSS, 0x3FF, 0x8B);
        vm.cpu.control.writeCr4(vm.cpu.control.cr4() | cr4);
        vm.cpu.setRflags(flags);
        return vm;
    }

    private static Vm virtual8086(long cr4, int iopl, long flags) {
        Vm vm = vm(cr4, flags | Rflags.VM | (long) iopl << Rflags.IOPL_SHIFT);
        vm.cpu.cpl = 3;
        for (int segment = 0; segment < Segments.COUNT; segment++) {
            vm.cpu.segments.loadRealMode(segment, 0);
        }
        vm.cpu.control.modeChanged();
        return vm;
    }

    @ParameterizedTest(name = "{0} with VME {1}, IOPL {2}, flags {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # code  | VME | IOPL | flags  | executed | flags after of VIP, VIF, IF
            FA      | 0   | 0    | 200    | false    | 200
            FA      | 0   | 3    | 200    | true     | 0
            FA      | 1   | 0    | 80200  | true     | 200
            FB      | 0   | 2    | 0      | false    | 0
            FB      | 1   | 2    | 0      | true     | 80000
            FB      | 1   | 2    | 100000 | false    | 100000
            FB      | 1   | 3    | 100000 | true     | 100200
            9C      | 0   | 0    | 0      | false    | 0
            9C      | 1   | 0    | 0      | true     | 0
            66 9C   | 1   | 0    | 0      | false    | 0
            66 9C   | 0   | 3    | 0      | true     | 0
            9C 9D   | 1   | 0    | 80200  | true     | 80200
            6A00 9D | 1   | 0    | 80200  | true     | 200
            680002 9D | 1 | 0    | 100000 | false    | 100000
            680001 9D | 1 | 0    | 0      | false    | 0
            680002 6A00 680950 CF F4 | 1 | 0 | 0 | true | 80000
            """)
    void flagInstructionsWorkOnTheFlagThatIoplAllows(
            String code, int vme, int iopl, String flags, boolean executed, String after) {
        try (Vm vm = virtual8086(vme * VME, iopl, Long.parseLong(flags, 16))) {
            vm.execute(code.replace(" ", "") + (code.length() < 12 ? "F4" : ""));
            assertEquals(GP, vm.vector());
            int length = HexFormat.of().parseHex(code.replace(" ", "")).length;
            long end = code.contains("CF") ? length - 1 : length;
            assertEquals(executed, vm.fault().rip() == Vm.CODE + end, vm.fault().toString());
            long mask = Rflags.VIP | Rflags.VIF | Rflags.IF;
            assertEquals(Long.parseLong(after, 16), vm.fault().flags() & mask);
        }
    }

    @Test
    void pushedFlagsShowVifAsIfAndIopl3() {
        try (Vm vm = virtual8086(VME, 0, Rflags.VIF)) {
            vm.execute("9C");
            assertEquals(0x3202, vm.machine.get16(Vm.STACK - 2));
        }
    }

    @Test
    void intGoesToTheProgramsTableWhereTheMapSaysSo() {
        try (Vm vm = virtual8086(VME, 0, Rflags.VIF | Rflags.IF)) {
            vm.machine.put32(0x21 * 4, 0x0000_6000);
            vm.code(0x6000, "F4").execute("CD 21");
            assertEquals(0x6000, vm.fault().rip());
            assertEquals(Vm.CODE + 2, vm.machine.get16(Vm.STACK - 6));
            assertEquals(0x3202, vm.machine.get16(Vm.STACK - 2));
            assertEquals(Rflags.IF, vm.fault().flags() & (Rflags.IF | Rflags.VIF));
        }
    }

    @ParameterizedTest(name = "VME {0}, IOPL {1}: vector {2}")
    @CsvSource({"1, 0, 13", "0, 0, 13"})
    void otherIntsNeedIopl3(int vme, int iopl, int vector) {
        try (Vm vm = virtual8086(vme * VME, iopl, 0)) {
            vm.machine.put32(TestMachine.TSS + REDIRECTION + 4, 2); // vector 21h
            vm.execute("CD 21");
            assertEquals(vector, vm.vector());
            assertEquals(Vm.CODE, vm.fault().rip());
        }
    }

    @ParameterizedTest(name = "{0} with PVI {1}")
    @CsvSource({
        "FA, 0, 80200, false, 80200",
        "FA, 2, 80200, true, 200",
        "FB, 2, 0, true, 80000",
        "FB, 2, 100000, false, 100000",
    })
    void protectedModeHasVirtualInterruptsAtLevel3(
            String code, long cr4, String flags, boolean executed, String after) {
        try (Vm vm = vm(cr4, Long.parseLong(flags, 16))) {
            vm.machine.enterUser();
            vm.execute(code);
            assertEquals(GP, vm.vector());
            assertEquals(executed ? Vm.CODE + 1 : Vm.CODE, vm.fault().rip());
            long mask = Rflags.VIP | Rflags.VIF | Rflags.IF;
            assertEquals(Long.parseLong(after, 16), vm.fault().flags() & mask);
            assertEquals(TestMachine.RSP0 - 24, vm.reg(RSP));
        }
    }
}
