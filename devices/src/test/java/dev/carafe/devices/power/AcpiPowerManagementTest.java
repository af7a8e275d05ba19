package dev.carafe.devices.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.time.Clock;
import dev.carafe.devices.FakeTimers;
import dev.carafe.devices.RecordingLine;
import dev.carafe.devices.RecordingMachine;
import org.junit.jupiter.api.Test;

class AcpiPowerManagementTest {
    private final FakeTimers timers = new FakeTimers();
    private final RecordingLine sci = new RecordingLine();
    private final RecordingMachine machine = new RecordingMachine();
    private int sleeps;
    private final AcpiPowerManagement power =
            new AcpiPowerManagement(timers, sci, machine, () -> sleeps++);
    private final ApmControl apm = new ApmControl(power, 2, 3);

    @Test
    void slpEnWithTypeZeroSwitchesOff() {
        power.write(4, 2, 0x2000);
        assertEquals("[power off]", machine.requests.toString());
        assertEquals(0, power.read(4, 2), "SLP_EN reads 0");
    }

    @Test
    void slpEnWithOtherTypes() {
        power.write(4, 2, 0x2400);
        assertEquals("[]", machine.requests.toString());
        assertEquals(1, sleeps, "suspend to RAM");
        power.write(4, 2, 0x2800);
        assertEquals("[power off]", machine.requests.toString());
    }

    @Test
    void anEnabledClockInterruptWakesTheSleepingMachineOnly() {
        power.write(2, 2, 0x400);
        power.clockInterrupt(true);
        assertEquals(0x400, power.read(0, 2), "awake: the status alone");
        power.write(0, 2, 0x400);
        power.clockInterrupt(false);
        power.write(4, 2, 0x2400);
        assertEquals(0, power.read(0, 2), "asleep");
        power.clockInterrupt(true);
        assertEquals(0x8400, power.read(0, 2), "WAK_STS");
    }

    @Test
    void aClockInterruptThatIsNotEnabledDoesNotWake() {
        power.write(4, 2, 0x2400);
        power.clockInterrupt(true);
        assertEquals(0x400, power.read(0, 2));
        power.pressPowerButton();
        assertEquals(0x500, power.read(0, 2), "nor does the power button");
        power.write(2, 2, 0x100);
        assertEquals(0x8500, power.read(0, 2));
    }

    @Test
    void theTimerCounts24BitsAt3579545Hertz() {
        timers.advance(1_000_000_000);
        assertEquals(3_579_545, power.read(8, 4));
        power.write(8, 4, 0);
        assertEquals(3_579_545, power.read(8, 4), "read-only");
        timers.advance(4_000_000_000L);
        assertEquals(5 * 3_579_545 & 0xFF_FFFF, power.read(8, 4));
    }

    @Test
    void theTimersTopBitInterruptsOnceEnabledAndAcpiIsOn() {
        apm.write(0, 1, 2);
        assertEquals(1, power.read(4, 2) & 1, "SCI_EN");
        power.write(2, 2, 1);
        timers.advanceTo(Clock.toNanos(1 << 23, AcpiPowerManagement.HERTZ) - 1);
        assertFalse(sci.level());
        timers.advance(1);
        assertTrue(sci.level());
        assertEquals(1, power.read(0, 2));
        power.write(0, 2, 1);
        assertFalse(sci.level());
        timers.advance(2_500_000_000L);
        assertTrue(sci.level(), "and on the way down again");
    }

    @Test
    void thePowerButtonSetsItsStatus() {
        power.pressPowerButton();
        assertEquals(0x100, power.read(0, 2));
        power.write(2, 2, 0x100);
        assertFalse(sci.level(), "SCI_EN is clear");
        apm.write(0, 1, 2);
        assertTrue(sci.level());
        apm.write(0, 1, 3);
        assertFalse(sci.level());
        power.write(0, 2, 0xFFFF);
        assertEquals(0, power.read(0, 2));
    }

    @Test
    void theGuestCannotChangeSciEn() {
        power.write(4, 2, 1);
        assertEquals(0, power.read(4, 2));
        apm.write(0, 1, 2);
        power.write(4, 2, 0x1C00);
        assertEquals(0x1C01, power.read(4, 2));
    }

    @Test
    void apmPortsReadBack() {
        apm.write(0, 1, 0x55);
        apm.write(1, 1, 0x66);
        assertEquals(0x6655, apm.read(0, 2));
    }

    @Test
    void generalPurposeEventsKeepTheirEnables() {
        GeneralPurposeEvents gpe = new GeneralPurposeEvents(16);
        gpe.write(0, 8, -1L);
        gpe.write(8, 8, 0x1122_3344_5566_7788L);
        assertEquals(0, gpe.read(0, 8));
        assertEquals(0x1122_3344_5566_7788L, gpe.read(8, 8));
        assertEquals(0xFF, gpe.read(16, 1));
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        apm.write(0, 1, 2);
        power.write(2, 2, 0x101);
        power.pressPowerButton();
        RecordingLine line = new RecordingLine();
        AcpiPowerManagement other = new AcpiPowerManagement(timers, line, machine, () -> {});
        other.restore(power.save());
        assertEquals(power.save(), other.save());
        assertTrue(line.level());
    }
}
