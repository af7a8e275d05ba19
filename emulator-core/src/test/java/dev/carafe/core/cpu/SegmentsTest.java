package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptor loads and accesses by the rules of "Protection". */
class SegmentsTest {
    private static void faults(int vector, int errorCode, Executable access) {
        CpuFault fault = assertThrows(CpuFault.class, access);
        assertEquals(name(vector), name(fault.vector()));
        assertEquals(errorCode, fault.errorCode());
    }

    private static String name(int vector) {
        return ExceptionVector.name(vector);
    }

    @ParameterizedTest(
            name = "access byte {1} into {0} with selector {2}: vector {3}, error code {4}")
    @CsvSource({
        "DS, 13, 60, 11, 60", // not present
        "DS, 89, 60, 13, 60", // a TSS
        "DS, 99, 60, 13, 60", // execute-only code
        "DS, 93, 63, 13, 60", // RPL 3, DPL 0
        "SS, 93, 61, 13, 60", // RPL is not CPL
        "SS, 91, 60, 13, 60", // read-only
        "SS, F3, 60, 13, 60", // DPL is not CPL
        "SS, 13, 60, 12, 60", // not present is #SS for SS
        "SS, 93, 0, 13, 0", // null
        "DS, 93, 80, 13, 80", // outside the GDT
        "DS, 93, 64, 13, 64", // no LDT
    })
    void loadsThatBreakARuleFault(
            String register, String access, String selector, int vector, String errorCode) {
        try (TestMachine machine = TestMachine.protectedMode()) {
            machine.put64(GDT + 0x60, descriptor(Integer.parseInt(access, 16), 0xCF));
            int segment = register.equals("SS") ? Segments.SS : Segments.DS;
            faults(
                    vector,
                    Integer.parseInt(errorCode, 16),
                    () -> machine.cpu.segments.load(segment, Integer.parseInt(selector, 16)));
            assertEquals(
                    KERNEL_DATA, machine.cpu.segments.selector[segment], "nothing has changed");
        }
    }

    @Test
    void aLoadSetsTheAccessedBitInTheDescriptor() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            machine.put64(GDT + 0x60, descriptor(0x92, 0xCF));
            machine.cpu.segments.load(Segments.ES, 0x60);
            assertEquals(descriptor(0x93, 0xCF), machine.get64(GDT + 0x60));
        }
    }

    @Test
    void aNullSegmentFaultsWhenUsedOnly() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Segments segments = machine.cpu.segments;
            segments.load(Segments.DS, 3);
            faults(GENERAL_PROTECTION, 0, () -> segments.linear(Segments.DS, 0, 1, false));
        }
    }

    @Test
    void expandDownSegmentsReachFromAboveTheirLimitToTheTop() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Segments segments = machine.cpu.segments;
            machine.put64(GDT + 0x60, 0x0FFF | 0x97L << 40 | 0x40L << 48);
            segments.load(Segments.SS, 0x60);
            faults(STACK_FAULT, 0, () -> segments.linear(Segments.SS, 0xFFF, 4, false));
            assertEquals(0x1000, segments.linear(Segments.SS, 0x1000, 4, true));
            assertEquals(0xFFFF_FFFCL, segments.linear(Segments.SS, 0xFFFF_FFFCL, 4, true));
            faults(STACK_FAULT, 0, () -> segments.linear(Segments.SS, 0xFFFF_FFFDL, 4, true));
        }
    }

    @Test
    void limitsAndTypesAreCheckedIn32BitCode() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Segments segments = machine.cpu.segments;
            machine.put64(GDT + 0x60, 0x0FFF | 0x91L << 40 | 0x40L << 48);
            segments.load(Segments.DS, 0x60);
            assertEquals(0xFFC, segments.linear(Segments.DS, 0xFFC, 4, false));
            faults(GENERAL_PROTECTION, 0, () -> segments.linear(Segments.DS, 0xFFD, 4, false));
            faults(GENERAL_PROTECTION, 0, () -> segments.linear(Segments.DS, 0, 1, true));
        }
    }

    @Test
    void sixtyFourBitCodeChecksCanonicalFormAndAllowsANullStackBelowLevel3() {
        try (TestMachine machine = TestMachine.longMode()) {
            Segments segments = machine.cpu.segments;
            segments.load(Segments.SS, 0);
            faults(STACK_FAULT, 0, () -> segments.linear(Segments.SS, 1L << 47, 8, false));
            faults(
                    GENERAL_PROTECTION,
                    0,
                    () -> segments.linear(Segments.DS, (1L << 47) - 4, 8, false));
            segments.setBase(Segments.GS, 0x1_0000_0000L);
            assertEquals(0x1_0000_0010L, segments.linear(Segments.GS, 0x10, 8, false));
            segments.load(Segments.GS, 0);
            assertEquals(0, segments.base(Segments.GS));
        }
    }

    @Test
    void realModeKeepsTheLimitOfAnEarlierDescriptor() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            machine.cpu.control.writeCr0(0x10);
            machine.cpu.segments.load(Segments.DS, 0x1234);
            assertEquals(0x12340, machine.cpu.segments.base(Segments.DS));
            assertEquals(
                    0x112345,
                    machine.cpu.segments.linear(Segments.DS, 0x100005, 1, true),
                    "unreal mode");
        }
    }
}
