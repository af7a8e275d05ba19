package dev.carafe.devices.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApicTimerTest {
    private static final int LVT = 0x320;
    private static final int INITIAL = 0x380;
    private static final int CURRENT = 0x390;
    private static final int DIVIDE = 0x3E0;
    private static final int PERIODIC = 1 << 17;
    private static final int DEADLINE = 2 << 17;
    private static final int TSC_DEADLINE = 0x6E0;

    private final TestMachine machine = new TestMachine(0);
    private final LocalApic apic = machine.apic(0);
    private final RecordingCpu cpu = machine.cpu(0);

    @BeforeEach
    void divideByOne() {
        machine.write(0, DIVIDE, 0xB);
    }

    @Test
    void oneShotCountsDownAndFiresOnce() {
        machine.write(0, LVT, 0xEE);
        machine.write(0, INITIAL, 1000);
        machine.timers.advance(400);
        assertEquals(600, machine.read(0, CURRENT));
        assertFalse(cpu.interrupt);
        machine.timers.advance(600);
        assertTrue(cpu.interrupt);
        assertEquals(0, machine.read(0, CURRENT));
        assertEquals("0:ee", machine.taken());
        machine.timers.advance(1_000_000);
        assertEquals("", machine.taken());
        assertEquals(1000, machine.read(0, INITIAL));
    }

    @Test
    void aCountOfZeroIsNeverSeenWithoutItsInterrupt() {
        machine.write(0, LVT, 0xEE);
        machine.write(0, INITIAL, 1000);
        machine.timers.advanceSilently(5000);
        assertEquals(0, machine.read(0, CURRENT));
        assertTrue(cpu.interrupt);
        machine.timers.advance(0);
        assertEquals("0:ee", machine.taken(), "and the late timer does not bring a second one");
    }

    @Test
    void periodicReloadsAndStaysInPhase() {
        machine.write(0, LVT, PERIODIC | 0xEE);
        machine.write(0, INITIAL, 100_000);
        for (int i = 0; i < 5; i++) {
            machine.timers.advance(100_000);
            assertEquals("0:ee", machine.taken());
        }
        machine.timers.advance(30_000);
        assertEquals(70_000, machine.read(0, CURRENT));
    }

    @Test
    void missedPeriodsBringOneInterrupt() {
        machine.write(0, LVT, PERIODIC | 0xEE);
        machine.write(0, INITIAL, 100_000);
        machine.timers.advanceSilently(950_000);
        machine.timers.advance(0);
        assertEquals("0:ee", machine.taken());
        machine.timers.advance(50_000);
        assertEquals("0:ee", machine.taken());
    }

    @Test
    void aTinyPeriodDoesNotFloodTheHost() {
        machine.write(0, LVT, PERIODIC | 0xEE);
        machine.write(0, INITIAL, 1);
        machine.timers.advance(1_000_000);
        assertEquals("0:ee", machine.taken());
    }

    @ParameterizedTest(name = "divide configuration {0} divides by {1}")
    @CsvSource({"0, 2", "1, 4", "2, 8", "3, 16", "8, 32", "9, 64", "10, 128", "11, 1"})
    void theDividerSlowsTheCount(int configuration, int divisor) {
        machine.write(0, DIVIDE, configuration);
        machine.write(0, INITIAL, 1000);
        machine.timers.advance(100L * divisor);
        assertEquals(900, machine.read(0, CURRENT));
    }

    @Test
    void changingBetweenOneShotAndPeriodicKeepsTheCount() {
        machine.write(0, LVT, 0xEE);
        machine.write(0, INITIAL, 1000);
        machine.timers.advance(700);
        machine.write(0, LVT, PERIODIC | 0xEE);
        assertEquals(300, machine.read(0, CURRENT));
        machine.timers.advance(300);
        assertEquals("0:ee", machine.taken());
        machine.timers.advance(100);
        assertEquals(900, machine.read(0, CURRENT));
    }

    @Test
    void anExpiredOneShotDoesNotComeToLifeAsPeriodic() {
        machine.write(0, LVT, 0xEE);
        machine.write(0, INITIAL, 1000);
        machine.timers.advance(2000);
        machine.taken();
        machine.write(0, LVT, PERIODIC | 0xEE);
        machine.timers.advance(5000);
        assertEquals(0, machine.read(0, CURRENT));
        assertEquals("", machine.taken());
    }

    @Test
    void writingZeroStops() {
        machine.write(0, LVT, 0xEE);
        machine.write(0, INITIAL, 1000);
        machine.write(0, INITIAL, 0);
        machine.timers.advance(5000);
        assertEquals("", machine.taken());
        assertEquals(0, machine.timers.armed());
    }

    @Test
    void aMaskedTimerCountsWithoutInterrupt() {
        machine.write(0, LVT, 0x100EE);
        machine.write(0, INITIAL, 1000);
        machine.timers.advance(400);
        assertEquals(600, machine.read(0, CURRENT));
        machine.timers.advance(4000);
        assertEquals("", machine.taken());
    }

    @Test
    void theDeadlineFiresWhenTheTscReachesItAndThenReadsZero() {
        machine.write(0, LVT, DEADLINE | 0xEF);
        apic.writeMsr(TSC_DEADLINE, 4000);
        assertEquals(4000, apic.readMsr(TSC_DEADLINE));
        machine.timers.advance(1999);
        assertEquals("", machine.taken());
        machine.timers.advance(1);
        assertEquals("0:ef", machine.taken());
        assertEquals(0, apic.readMsr(TSC_DEADLINE));
    }

    @Test
    void aDeadlineInThePastFiresAtOnce() {
        machine.timers.advance(1000);
        machine.write(0, LVT, DEADLINE | 0xEF);
        apic.writeMsr(TSC_DEADLINE, 2000);
        assertEquals("0:ef", machine.taken());
        assertEquals(0, apic.readMsr(TSC_DEADLINE));
    }

    @Test
    void zeroDisarmsAndOtherModesIgnoreTheDeadline() {
        apic.writeMsr(TSC_DEADLINE, 4000);
        assertEquals(0, apic.readMsr(TSC_DEADLINE), "mode is one-shot");
        machine.write(0, LVT, DEADLINE | 0xEF);
        machine.write(0, INITIAL, 5);
        assertEquals(0, machine.read(0, CURRENT), "the count does nothing in deadline mode");
        apic.writeMsr(TSC_DEADLINE, 4000);
        apic.writeMsr(TSC_DEADLINE, 0);
        machine.timers.advance(10_000);
        assertEquals("", machine.taken());
    }

    @Test
    void leavingDeadlineModeDisarms() {
        machine.write(0, LVT, DEADLINE | 0xEF);
        apic.writeMsr(TSC_DEADLINE, 4000);
        machine.write(0, LVT, 0xEF);
        assertEquals(0, apic.readMsr(TSC_DEADLINE));
        machine.timers.advance(10_000);
        assertEquals("", machine.taken());
    }

    @Test
    void aDeadlineBeyondAllTimeNeverFires() {
        machine.write(0, LVT, DEADLINE | 0xEF);
        apic.writeMsr(TSC_DEADLINE, -1L);
        assertEquals(-1L, apic.readMsr(TSC_DEADLINE));
        assertEquals(0, machine.timers.armed());
    }
}
