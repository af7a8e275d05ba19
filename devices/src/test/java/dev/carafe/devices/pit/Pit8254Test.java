package dev.carafe.devices.pit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.time.Clock;
import dev.carafe.devices.FakeTimers;
import dev.carafe.devices.RecordingLine;
import org.junit.jupiter.api.Test;

class Pit8254Test {
    private final FakeTimers timers = new FakeTimers();
    private final RecordingLine irq = new RecordingLine();
    private final Pit8254 pit = new Pit8254(timers, irq);
    private final PortB portB = new PortB(pit, timers);

    @Test
    void mode0RaisesTheLineOnceAtTerminalCount() {
        program(0, 0x30, 1000);
        assertFalse(irq.level());
        pass(999);
        assertFalse(irq.level());
        pass(1);
        assertTrue(irq.level());
        pass(100_000);
        assertEquals(1, irq.takeEdges());
    }

    @Test
    void mode2TicksAtEveryPeriod() {
        program(0, 0x34, 1193);
        irq.takeEdges();
        pass(1193 * 10);
        assertEquals(10, irq.takeEdges());
        assertTrue(irq.level(), "the wire rests high");
    }

    @Test
    void mode3IsASquareWave() {
        program(0, 0x36, 1000);
        irq.takeEdges();
        assertTrue(irq.level());
        pass(500);
        assertFalse(irq.level());
        pass(500);
        assertTrue(irq.level());
        pass(10_000);
        assertEquals(11, irq.takeEdges());
    }

    @Test
    void mode4StrobesOnce() {
        program(0, 0x38, 1000);
        irq.takeEdges();
        pass(5000);
        assertEquals(1, irq.takeEdges());
    }

    @Test
    void aCountOfZeroIs65536() {
        program(0, 0x34, 0);
        irq.takeEdges();
        pass(65536);
        assertEquals(1, irq.takeEdges());
        pass(100);
        assertEquals(65436, latched(0));
    }

    @Test
    void aNewCountInMode2WaitsForTheEndOfThePeriod() {
        program(0, 0x34, 1000);
        irq.takeEdges();
        pass(400);
        pit.write(0, 1, 100);
        pit.write(0, 1, 0);
        assertEquals(600, latched(0));
        pass(600);
        assertEquals(1, irq.takeEdges());
        pass(100);
        assertEquals(1, irq.takeEdges());
    }

    @Test
    void theLatchHoldsTheCountUntilItIsRead() {
        program(0, 0x34, 1000);
        pass(10);
        pit.write(3, 1, 0x00);
        pass(10);
        pit.write(3, 1, 0x00); // ignored: the first latch is unread
        assertEquals(990, read(0));
        assertEquals(980, read(0), "unlatched now");
    }

    @Test
    void bcdCountsInDecimal() {
        program(0, 0x31, 0x1234);
        pass(34);
        assertEquals(0x1200, latched(0));
    }

    @Test
    void readBackGivesStatusThenCount() {
        program(2, 0xB4, 100);
        portB.write(0, 1, 1);
        pass(30);
        pit.write(3, 1, 0xC8);
        assertEquals(0xB4, pit.read(2, 1), "OUT high, count loaded, both bytes, mode 2");
        assertEquals(70, read(2));
    }

    @Test
    void statusShowsANullCountUntilOneIsWritten() {
        pit.write(3, 1, 0x30);
        pit.write(3, 1, 0xE2);
        assertEquals(0x70, pit.read(0, 1));
        pit.write(0, 1, 10);
        pit.write(0, 1, 0);
        pit.write(3, 1, 0xE2);
        assertEquals(0x30, pit.read(0, 1));
    }

    @Test
    void thePort61GateRunsCounter2() {
        assertEquals(0x20, portB.read(0, 1) & 0x2F, "OUT2 high, gate closed");
        program(2, 0xB0, 0xFFFF);
        assertEquals(0x00, portB.read(0, 1) & 0x20);
        pass(1000);
        assertEquals(0xFFFF, latched(2), "gated");
        portB.write(0, 1, 1);
        pass(1000);
        assertEquals(0xFFFF - 1000, latched(2));
        portB.write(0, 1, 0);
        pass(1000);
        assertEquals(0xFFFF - 1000, latched(2));
        portB.write(0, 1, 3);
        pass(0xFFFF);
        assertEquals(0x23, portB.read(0, 1) & 0x23);
    }

    @Test
    void mode1AndMode5AreTriggeredByTheGate() {
        program(2, 0xB2, 100);
        assertEquals(0x20, portB.read(0, 1) & 0x20);
        portB.write(0, 1, 1);
        assertEquals(0, portB.read(0, 1) & 0x20);
        pass(100);
        assertEquals(0x20, portB.read(0, 1) & 0x20);
        program(2, 0xBA, 100);
        portB.write(0, 1, 0);
        portB.write(0, 1, 1);
        pass(100);
        assertEquals(0, portB.read(0, 1) & 0x20, "the strobe");
        pass(1);
        assertEquals(0x20, portB.read(0, 1) & 0x20);
    }

    @Test
    void theRefreshToggleToggles() {
        long first = portB.read(0, 1) & 0x10;
        timers.advance(15_100);
        assertEquals(0x10 - first, portB.read(0, 1) & 0x10);
    }

    @Test
    void tinyCountsDoNotFloodTheHost() {
        program(0, 0x34, 1);
        timers.advance(1_000_000);
        assertTrue(irq.takeEdges() <= 101);
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        program(0, 0x34, 1000);
        pass(400);
        RecordingLine line = new RecordingLine();
        Pit8254 other = new Pit8254(timers, line);
        other.restore(pit.save());
        assertEquals(pit.save(), other.save());
        line.takeEdges();
        pass(600);
        assertEquals(1, line.takeEdges());
    }

    private void program(int counter, int control, int count) {
        pit.write(3, 1, control);
        pit.write(counter, 1, count & 0xFF);
        pit.write(counter, 1, count >> 8);
    }

    private void pass(long clocks) {
        timers.advanceTo(Clock.toNanos(timers.ticks(Pit8254.HERTZ) + clocks, Pit8254.HERTZ));
    }

    private long latched(int counter) {
        pit.write(3, 1, counter << 6);
        return read(counter);
    }

    private long read(int counter) {
        long low = pit.read(counter, 1);
        return low | pit.read(counter, 1) << 8;
    }
}
