package dev.carafe.devices.hpet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.FakeTimers;
import dev.carafe.devices.RecordingLine;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HpetTest {
    private static final int CONFIGURATION = 0x10;
    private static final int STATUS = 0x20;
    private static final int COUNTER = 0xF0;
    private static final int ENABLE = 1;
    private static final int LEGACY = 2;
    private static final long ROUTE_16 = 16 << 9;

    private final FakeTimers timers = new FakeTimers();
    private final RecordingLine irq0 = new RecordingLine();
    private final RecordingLine irq8 = new RecordingLine();
    private final RecordingLine[] pins =
            IntStream.range(0, 24).mapToObj(i -> new RecordingLine()).toArray(RecordingLine[]::new);
    private final Hpet hpet = new Hpet(timers, irq0, irq8, i -> pins[i]);

    @Test
    void registersHaveTheirResetValues() {
        assertEquals(0x0098_9680_8086_A201L, read(0));
        assertEquals(0x0098_9680L, hpet.read(4, 4));
        assertEquals(0, read(CONFIGURATION));
        for (int timer = 0; timer < 3; timer++) {
            assertEquals(0x00FF_0104_0000_0030L, read(0x100 + 0x20 * timer));
            assertEquals(-1L, read(0x108 + 0x20 * timer));
        }
    }

    @Test
    void theCounterRunsAt100MegahertzAndIsWritableOnlyWhenStopped() {
        write(COUNTER, 0x1_0000_0000L);
        write(CONFIGURATION, ENABLE);
        timers.advance(1000);
        assertEquals(0x1_0000_0064L, read(COUNTER));
        assertEquals(1, hpet.read(COUNTER + 4, 4));
        write(COUNTER, 5);
        assertEquals(0x1_0000_0064L, read(COUNTER));
        write(CONFIGURATION, 0);
        timers.advance(1000);
        assertEquals(0x1_0000_0064L, read(COUNTER));
        hpet.write(COUNTER, 4, 7);
        assertEquals(0x1_0000_0007L, read(COUNTER));
    }

    @Test
    void anEdgeTriggeredOneShotFiresOnce() {
        write(0x100, ROUTE_16 | 4);
        write(0x108, 100);
        write(CONFIGURATION, ENABLE);
        timers.advance(999);
        assertEquals(0, pins[16].takeEdges());
        timers.advance(1);
        assertEquals(1, pins[16].takeEdges());
        timers.advance(1_000_000);
        assertEquals(0, pins[16].takeEdges());
        assertEquals(0, read(STATUS), "edge-triggered timers have no status");
    }

    @Test
    void aLevelTriggeredTimerHoldsItsLineUntilTheStatusIsCleared() {
        write(0x120, ROUTE_16 | 4 | 2);
        write(0x128, 100);
        write(CONFIGURATION, ENABLE);
        timers.advance(1000);
        assertTrue(pins[16].level());
        assertEquals(2, read(STATUS));
        write(STATUS, 2);
        assertFalse(pins[16].level());
        assertEquals(0, read(STATUS));
    }

    @Test
    void legacyReplacementTakesIrq0FromTheIntervalTimer() {
        hpet.intervalTimer().set(true);
        assertTrue(irq0.level());
        write(CONFIGURATION, ENABLE | LEGACY);
        assertFalse(irq0.level());
        hpet.intervalTimer().set(false);
        hpet.intervalTimer().set(true);
        assertFalse(irq0.level());
        write(0x100, 0x4C); // enabled, periodic, set accumulator
        write(0x108, 1_000 + read(COUNTER));
        write(0x108, 100_000);
        irq0.takeEdges();
        timers.advance(10_000 + 4_000_000);
        assertEquals(5, irq0.takeEdges());
        write(CONFIGURATION, ENABLE);
        assertTrue(irq0.level(), "the interval timer is back");
    }

    @Test
    void legacyReplacementTakesIrq8FromTheRtc() {
        write(0x120, 4);
        write(0x128, 100);
        write(CONFIGURATION, ENABLE | LEGACY);
        hpet.rtc().set(true);
        assertFalse(irq8.level());
        timers.advance(1000);
        assertEquals(1, irq8.takeEdges());
    }

    @Test
    void a32BitTimerMatchesWhenTheLowHalfComesRound() {
        write(COUNTER, 0x1_FFFF_FFF0L);
        write(0x140, ROUTE_16 | 4 | 0x100);
        write(0x148, 0x10);
        write(CONFIGURATION, ENABLE);
        timers.advance(320);
        assertEquals(1, pins[16].takeEdges());
    }

    @Test
    void aRouteThatTheCapabilitiesExcludeLeadsNowhere() {
        write(0x100, (5 << 9) | 4);
        write(0x108, 100);
        write(CONFIGURATION, ENABLE);
        timers.advance(1000);
        assertEquals(0, pins[5].takeEdges());
    }

    @Test
    void aTinyPeriodDoesNotFloodTheHost() {
        write(0x100, ROUTE_16 | 0x4C);
        write(0x108, 1);
        write(0x108, 1);
        write(CONFIGURATION, ENABLE);
        timers.advance(1_000_000);
        assertTrue(pins[16].takeEdges() <= 101);
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        write(0x100, ROUTE_16 | 4);
        write(0x108, 100);
        write(CONFIGURATION, ENABLE);
        timers.advance(500);
        RecordingLine line = new RecordingLine();
        Hpet other = new Hpet(timers, irq0, irq8, i -> line);
        other.restore(hpet.save());
        assertEquals(hpet.save(), other.save());
        timers.advance(500);
        assertEquals(1, line.takeEdges());
    }

    private long read(int offset) {
        return hpet.read(offset, 8);
    }

    private void write(int offset, long value) {
        hpet.write(offset, 8, value);
    }
}
