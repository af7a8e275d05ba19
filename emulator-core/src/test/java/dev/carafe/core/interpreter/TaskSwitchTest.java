package dev.carafe.core.interpreter;

import static dev.carafe.core.cpu.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.fault.ExceptionVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hardware task switches (SDM Vol. 3A, "Task Management"). The old task is selector 30h, the new
 * one 40h with its entry at {@link #ENTRY}.
 */
class TaskSwitchTest {
    private static final long OLD = TestMachine.TSS;
    private static final long NEW = 0xE000;
    private static final long ENTRY = 0x6000;
    private static final long NEW_STACK = 0x7000;
    private static final String JMP = "EA 00 00 00 00 40 00";
    private static final String CALL = "9A 00 00 00 00 40 00";
    private static final int INSTRUCTION = 7;
    private static final long TS = 8;

    private static Vm vm() {
        Vm vm = Vm.protectedMode();
        TestMachine machine = vm.machine;
        describe(vm, 0x30, OLD, 0x8B);
        describe(vm, 0x40, NEW, 0x89);
        vm.cpu.system.tr = new SystemSegment(TestMachine.TSS_SELECTOR, OLD, 0x67, 0x8B);
        machine.put32(NEW + 0x20, ENTRY);
        machine.put32(NEW + 0x24, 2 | Rflags.DF);
        machine.put32(NEW + 0x28, 0xAAAA);
        machine.put32(NEW + 0x38, NEW_STACK);
        for (int i = 0; i < Segments.COUNT; i++) {
            boolean code = i == Segments.CS;
            machine.put32(
                    NEW + 0x48 + 4 * i, code ? TestMachine.KERNEL_CODE : TestMachine.KERNEL_DATA);
        }
        return vm.code(ENTRY, "F4");
    }

    private static void describe(Vm vm, int selector, long base, int access) {
        vm.put64(TestMachine.GDT + selector, 0x67 | base << 16 | (long) access << 40);
    }

    private static int access(Vm vm, int selector) {
        return (int) (vm.get64(TestMachine.GDT + selector) >>> 40) & 0xFF;
    }

    @Test
    void aJumpSavesTheOldTaskAndEndsIt() {
        try (Vm vm = vm().set(RBX, 0x1234)) {
            vm.execute(JMP);
            assertEquals(ENTRY + 1, vm.cpu.rip);
            assertEquals(0xAAAA, vm.reg(RAX));
            assertEquals(0x40, vm.cpu.system.tr.selector());
            assertEquals(0x89, access(vm, 0x30), "available again");
            assertEquals(0x8B, access(vm, 0x40));
            assertEquals(Vm.CODE + INSTRUCTION, vm.machine.get32(OLD + 0x20));
            assertEquals(0x1234, vm.machine.get32(OLD + 0x34));
            assertEquals(0x10, vm.machine.get32(OLD + 0x50));
            assertTrue(vm.cpu.control.cr0(TS));
            assertEquals(Rflags.DF, vm.cpu.systemFlags);
        }
    }

    @Test
    void aCallNestsAndIretComesBack() {
        try (Vm vm = vm().code(ENTRY, "CF F4").set(RBX, 0x77)) {
            vm.execute(CALL);
            assertEquals(Vm.CODE + INSTRUCTION + 1, vm.cpu.rip);
            assertEquals(0x30, vm.machine.get16(NEW), "the link");
            assertEquals(0x89, access(vm, 0x40));
            assertEquals(0x8B, access(vm, 0x30));
            assertEquals(ENTRY + 1, vm.machine.get32(NEW + 0x20), "it goes on behind its IRET");
            assertEquals(2 | Rflags.DF, vm.machine.get32(NEW + 0x24), "NT is saved clear");
            assertEquals(0, vm.cpu.systemFlags & Rflags.NT);
            assertEquals(0x77, vm.reg(RBX));
        }
    }

    @Test
    void anExceptionThroughATaskGateHasItsErrorCodeOnTheNewStack() {
        try (Vm vm = vm().set(RAX, 0x1230)) {
            vm.put64(TestMachine.IDT + 13 * 8, 0x40L << 16 | 0x85L << 40);
            vm.execute("8E D8"); // MOV DS, AX
            assertEquals(ENTRY + 1, vm.cpu.rip);
            assertEquals(NEW_STACK - 4, vm.reg(RSP));
            assertEquals(0x1230, vm.machine.get32(NEW_STACK - 4));
            assertEquals(Vm.CODE, vm.machine.get32(OLD + 0x20));
            assertEquals(Rflags.RF, vm.machine.get32(OLD + 0x24) & Rflags.RF);
            assertEquals(Rflags.NT, vm.cpu.systemFlags & Rflags.NT);
        }
    }

    @Test
    void a16BitTaskHasItsOwnLayout() {
        try (Vm vm = vm()) {
            vm.put64(TestMachine.GDT + 0x40, 0x2B | NEW << 16 | 0x81L << 40);
            vm.machine.put16(NEW + 0x0E, ENTRY);
            vm.machine.put16(NEW + 0x10, 2);
            vm.machine.put16(NEW + 0x12, 0xBBBB);
            vm.machine.put16(NEW + 0x1A, NEW_STACK);
            int[] selectors = {0x10, 0x08, 0x10, 0x10, 0};
            for (int i = 0; i < selectors.length; i++) {
                vm.machine.put16(NEW + 0x22 + 2 * i, selectors[i]);
            }
            vm.execute(JMP);
            assertEquals(ENTRY + 1, vm.cpu.rip);
            assertEquals(0xFFFF_BBBBL, vm.reg(RAX));
            assertEquals(0xFFFF_0000L | NEW_STACK, vm.reg(RSP));
            assertEquals(0x83, access(vm, 0x40));
            assertEquals(0, vm.cpu.segments.selector[Segments.GS]);
        }
    }

    @Test
    void theTrapBitTrapsBeforeTheFirstInstruction() {
        try (Vm vm = vm()) {
            vm.machine.put16(NEW + 0x64, 1);
            vm.execute(JMP);
            assertEquals(1, vm.vector());
            assertEquals(ENTRY, vm.fault().rip());
            assertEquals(0xFFFF_8FF0L, vm.cpu.system.debug[6]);
        }
    }

    @ParameterizedTest(name = "descriptor {0}: {1}")
    @CsvSource({
        "00008B00E0000067, #GP(40) at 5000, 30", // busy
        "00000900E0000067, #NP(40) at 5000, 30", // not present
        "00008900E0000066, #TS(40) at 5000, 30", // too short
    })
    void aBadTssLeavesTheOldTask(String descriptor, String fault, String task) {
        try (Vm vm = vm()) {
            vm.put64(TestMachine.GDT + 0x40, Long.parseUnsignedLong(descriptor, 16));
            vm.execute(JMP);
            assertEquals(fault, vm.fault().toString());
            assertEquals(Integer.parseInt(task, 16), vm.cpu.system.tr.selector());
            assertEquals(0x8B, access(vm, 0x30));
        }
    }

    /** What is checked behind the commit point; the handler runs in the new task. */
    @ParameterizedTest(name = "selector {1} at {0}: {2}")
    @CsvSource({
        "4C, 10, #TS(10)", // CS is data
        "4C, 0, #TS(0)",
        "60, 8, #TS(8)", // LDT is code
        "54, 78, #TS(78)", // DS is no segment
        "58, 85, #TS(84)", // FS in the LDT, which there is none
    })
    void aBadSegmentIsTheNewTasksFault(String at, String value, String fault) {
        try (Vm vm = vm()) {
            vm.machine.put32(NEW + Long.parseLong(at, 16), Long.parseLong(value, 16));
            vm.cpu.rip = Vm.CODE;
            vm.code(Vm.CODE, JMP);
            vm.run(1);
            assertEquals(0x40, vm.cpu.system.tr.selector());
            assertEquals(fault, firstException(vm));
        }
    }

    private static String firstException(Vm vm) {
        var events = vm.cpu.rare.events();
        for (var event : events) {
            if (event.kind() == RareEvents.Kind.EXCEPTION) {
                int vector = (int) event.detail() & 0xFF;
                return "%s(%X)".formatted(ExceptionVector.name(vector), event.detail() >>> 8);
            }
        }
        return "none";
    }
}
