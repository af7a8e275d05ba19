package dev.carafe.devices.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.interrupt.LocalInterruptController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalApicTest {
    private static final int BASE = 0x1B;

    private final TestMachine machine = new TestMachine(3);
    private final LocalApic apic = machine.apic(0);
    private final RecordingCpu cpu = machine.cpu(0);

    @ParameterizedTest(name = "register {0} is {1}")
    @CsvSource({
        "020, 3000000", "030, 50014", "080, 0", "090, 0", "0A0, 0", "0C0, 0", "0D0, 0",
                "0E0, FFFFFFFF", "0F0, FF",
        "100, 0", "180, 0", "270, 0", "280, 0", "300, 0", "310, 0", "320, 10000", "330, 10000",
                "340, 10000",
        "350, 10000", "360, 10000", "370, 10000", "380, 0", "390, 0", "3E0, 0"
    })
    void registersHaveTheirResetValues(String offset, String value) {
        apic.init();

        assertEquals(Long.parseLong(value, 16), machine.read(0, Integer.parseInt(offset, 16)));
    }

    @Test
    void aSelfIpiGoesThroughIrrAndIsrToItsEnd() {
        machine.write(0, 0x300, 0x40051);

        assertTrue(cpu.interrupt);
        assertEquals(1L << 17, machine.read(0, 0x220), "IRR bit 51h");
        assertEquals(0x51, apic.acknowledge());
        assertFalse(cpu.interrupt);
        assertEquals(0, machine.read(0, 0x220));
        assertEquals(1L << 17, machine.read(0, 0x120), "ISR bit 51h");
        assertEquals(0x50, machine.read(0, 0xA0), "PPR");
        machine.write(0, 0xB0, 0);
        assertEquals(0, machine.read(0, 0x120));
    }

    @Test
    void aHigherClassInterruptsALowerOneButNotItsOwn() {
        machine.write(0, 0x300, 0x40051);
        apic.acknowledge();
        machine.write(0, 0x300, 0x4005F);
        assertFalse(cpu.interrupt, "same class as the one in service");
        machine.write(0, 0x300, 0x40061);
        assertTrue(cpu.interrupt);
        assertEquals(0x61, apic.acknowledge());
        machine.write(0, 0xB0, 0);
        assertFalse(cpu.interrupt, "51h is still in service");
        machine.write(0, 0xB0, 0);
        assertEquals(0x5F, apic.acknowledge());
    }

    @Test
    void theTaskPriorityHoldsInterruptsBackAndIsCr8() {
        apic.setTaskPriority(5);
        assertEquals(0x50, machine.read(0, 0x80));
        machine.write(0, 0x300, 0x4005F);
        assertFalse(cpu.interrupt);
        assertEquals(0xFF, apic.acknowledge(), "masked at INTA: spurious, from SVR");
        assertEquals(0, machine.read(0, 0x120), "a spurious interrupt is not in service");
        machine.write(0, 0x80, 0x4F);
        assertEquals(4, apic.taskPriority());
        assertTrue(cpu.interrupt);
        assertEquals(0x5F, apic.acknowledge());
        assertEquals(LocalInterruptController.NO_VECTOR, apic.acknowledge());
    }

    @Test
    void anIllegalVectorIsReportedInEsrAfterAWrite() {
        machine.write(0, 0x370, 0xE1);
        machine.write(0, 0x300, 0x4000F);

        assertEquals(0, machine.read(0, 0x280), "not before ESR is written");
        machine.write(0, 0x280, 0);
        assertEquals(0x20, machine.read(0, 0x280));
        machine.write(0, 0x280, 0);
        assertEquals(0, machine.read(0, 0x280));
        assertEquals(0xE1, apic.acknowledge(), "the error interrupt");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x000, 0x040, 0x290, 0x2F0, 0x3A0, 0x3F0, 0x400, 0xFF0})
    void reservedRegistersReadZeroAndSetEsrBit7(int offset) {
        assertEquals(0, machine.read(0, offset));
        machine.write(0, 0x280, 0);
        assertEquals(0x80, machine.read(0, 0x280));
    }

    @Test
    void softwareDisableMasksTheVectorTableAndRefusesInterrupts() {
        machine.write(0, 0x320, 0x31);
        machine.write(0, 0xF0, 0xFF);
        assertEquals(0x10031, machine.read(0, 0x320));
        machine.write(0, 0x320, 0x32);
        assertEquals(0x10032, machine.read(0, 0x320), "the mask cannot be cleared");
        machine.write(0, 0x300, 0x40051);
        assertFalse(cpu.interrupt);
        machine.icr(0, 3, 0x4400);
        assertEquals("[NMI]", cpu.events.toString(), "NMI still works");
    }

    @Test
    void theHandOffStateOfALoaderIsSetByOrdinaryWrites() {
        machine.write(0, 0x350, 0x18700);
        machine.write(0, 0x360, 0x10400);
        assertEquals(0x1FF, machine.read(0, 0xF0));
        assertEquals(0x18700, machine.read(0, 0x350));
        assertEquals(0x10400, machine.read(0, 0x360));
    }

    @Test
    void extIntOnLint0AsksThe8259() {
        apic.lint0().set(true);
        assertFalse(cpu.interrupt, "LINT0 is masked");
        machine.write(0, 0x350, 0x700);
        assertTrue(cpu.interrupt);
        assertEquals(0x08, apic.acknowledge());
        assertEquals(1, machine.interruptAcknowledges);
        assertEquals(0, machine.read(0, 0x100), "ExtINT goes past ISR");
        apic.lint0().set(false);
        assertFalse(cpu.interrupt);
    }

    @Test
    void aDisabledApicPassesInterruptAndNmiPinsThrough() {
        apic.writeMsr(BASE, 0xFEE0_0100L);
        apic.lint0().set(true);
        apic.lint1().set(true);

        assertTrue(cpu.interrupt);
        assertEquals(0x08, apic.acknowledge());
        assertEquals("[NMI]", cpu.events.toString());
    }

    @Test
    void aLevelTriggeredLint0ComesAgainAfterEoi() {
        machine.write(0, 0x350, 0x8041);
        apic.lint0().set(true);
        assertEquals(0x41, apic.acknowledge());
        assertEquals(0xC041, machine.read(0, 0x350), "remote IRR");
        machine.write(0, 0xB0, 0);
        assertTrue(cpu.interrupt, "the line is still high");
        assertEquals(0x41, apic.acknowledge());
        apic.lint0().set(false);
        machine.write(0, 0xB0, 0);
        assertFalse(cpu.interrupt);
        assertEquals(0x8041, machine.read(0, 0x350));
    }

    @Test
    void lint1DeliversAnNmiPerEdge() {
        machine.write(0, 0x360, 0x400);
        apic.lint1().set(true);
        apic.lint1().set(true);
        apic.lint1().set(false);
        apic.lint1().set(true);
        assertEquals("[NMI, NMI]", cpu.events.toString());
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({
        "900, 500",
        "D00, 900",
        "D00, 500",
        "100, 500",
        "100, D00",
        "900, 901",
        "900, B00",
        "900, 10000000900",
    })
    void forbiddenApicBaseValuesAreRejected(String from, String to) {
        enter(Long.parseLong(from, 16));
        long before = apic.readMsr(BASE);

        assertThrows(
                MsrRejected.class,
                () -> apic.writeMsr(BASE, 0xFEE0_0000L | Long.parseLong(to, 16)));
        assertEquals(before, apic.readMsr(BASE));
    }

    private void enter(long mode) {
        if (mode == 0x100) {
            apic.writeMsr(BASE, 0xFEE0_0100L);
        } else {
            apic.writeMsr(BASE, 0xFEE0_0000L | mode);
        }
    }

    @Test
    void x2apicIsRejectedWhereTheProcessorLacksIt() {
        LocalApic old =
                new LocalApic(
                        new ApicIdentity(0, false, false, 36),
                        ApicClocks.of(1000, 1000),
                        cpu,
                        machine.bus,
                        machine.timers,
                        () -> 0);
        assertEquals(0xFEE0_0800L, old.readMsr(BASE), "no bootstrap processor");
        assertThrows(MsrRejected.class, () -> old.writeMsr(BASE, 0xFEE0_0C00L));
    }

    @Test
    void disablingResetsRegistersAndTheId() {
        machine.write(0, 0x20, 0x0900_0000);
        assertEquals(0x0900_0000, machine.read(0, 0x20));
        apic.writeMsr(BASE, 0xFEE0_0100L);
        assertEquals(-1, apic.registersAt());
        assertFalse(apic.globallyEnabled());
        apic.setTaskPriority(7);
        assertEquals(7, apic.taskPriority(), "CR8 still works");
        apic.setTaskPriority(0);
        apic.writeMsr(BASE, 0xFED4_0900L);
        assertEquals(0xFED4_0000L, apic.registersAt(), "relocated");
        assertEquals(0x0300_0000, machine.read(0, 0x20));
        assertEquals(0xFF, machine.read(0, 0xF0));
    }

    @Test
    void x2apicModeHasItsOwnIdsAndNoPage() {
        machine.allToX2apic();
        assertEquals(-1, apic.registersAt());
        assertEquals(3, apic.readMsr(0x802));
        assertEquals(8, apic.readMsr(0x80D));
        assertEquals(0x50014, apic.readMsr(0x803));
        assertEquals(0x1FF, apic.readMsr(0x80F), "registers survive the transition");
        apic.writeMsr(0x83F, 0x77);
        assertEquals(0x77, apic.acknowledge());
        apic.writeMsr(0x80B, 0);
        assertEquals(0, apic.readMsr(0x813));
        apic.writeMsr(0x830, 0x3_0000_4077L);
        assertEquals(0x3_0000_4077L, apic.readMsr(0x830));
        assertEquals(0x77, apic.acknowledge());
    }

    @ParameterizedTest(name = "WRMSR {0} of {1}")
    @CsvSource({
        "802, 0",
        "803, 0",
        "808, 100",
        "80A, 0",
        "80B, 1",
        "80D, 0",
        "80E, 0",
        "80F, 1000",
        "80F, 400",
        "810, 0",
        "820, 0",
        "828, 1",
        "82F, 0",
        "830, 2000",
        "830, 100000",
        "831, 0",
        "832, 80000",
        "832, 2000",
        "835, 20000",
        "837, 400",
        "838, 100000000",
        "839, 0",
        "83E, 4",
        "83F, 100",
        "840, 0",
        "8FF, 0",
        "800, 0"
    })
    void x2apicWritesOfReservedRegistersAndBitsAreRejected(String register, String value) {
        machine.allToX2apic();
        assertThrows(
                MsrRejected.class,
                () -> apic.writeMsr(Integer.parseInt(register, 16), Long.parseLong(value, 16)));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x800, 0x801, 0x809, 0x80B, 0x80C, 0x80E, 0x82F, 0x831, 0x83F, 0x840, 0x8FF})
    void x2apicReadsOfReservedRegistersAreRejected(int register) {
        machine.allToX2apic();
        assertThrows(MsrRejected.class, () -> apic.readMsr(register));
    }

    @Test
    void x2apicRegistersAreRejectedInXapicMode() {
        assertThrows(MsrRejected.class, () -> apic.readMsr(0x802));
        assertThrows(MsrRejected.class, () -> apic.writeMsr(0x808, 0));
    }

    @Test
    void initKeepsIdAndMode() {
        machine.allToX2apic();
        apic.writeMsr(0x808, 0x30);
        apic.init();
        assertEquals(3, apic.readMsr(0x802));
        assertEquals(0, apic.readMsr(0x808));
        assertEquals(0xFF, apic.readMsr(0x80F));
        assertEquals(0xFEE0_0D00L, apic.readMsr(BASE));
    }

    @Test
    void partialReadsSeeBytesOfTheRegister() {
        assertEquals(0x05, apic.read(0x32, 1));
        assertEquals(0x0014, apic.read(0x30, 2));
        assertEquals(0x50014, apic.read(0x30, 8));
        assertEquals(0, apic.read(0x34, 4));
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        machine.write(0, 0x300, 0x40051);
        machine.write(0, 0x320, 0x20099);
        machine.write(0, 0x380, 1000);
        TestMachine other = new TestMachine(3);
        other.apic(0).restore(apic.save());

        assertEquals(apic.save(), other.apic(0).save());
        assertTrue(other.cpu(0).interrupt);
        other.timers.advance(2000);
        assertEquals(0x99, other.apic(0).acknowledge());
    }
}
