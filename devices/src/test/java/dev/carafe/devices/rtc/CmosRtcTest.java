package dev.carafe.devices.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.FakeTimers;
import dev.carafe.devices.RecordingLine;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CmosRtcTest {
    private static final long SECOND = 1_000_000_000L;

    private final FakeTimers timers = new FakeTimers();
    private final RecordingLine irq = new RecordingLine();
    private final CmosRtc rtc = clockAt("2027-12-31T23:59:58Z");

    private CmosRtc clockAt(String instant) {
        byte[] contents = new byte[CmosRtc.SIZE];
        contents[0x15] = (byte) 0x80;
        contents[0x5F] = 3;
        return new CmosRtc(timers, irq, Instant.parse(instant), contents);
    }

    @Test
    void showsTheTimeInBcd() {
        assertEquals("58 59 23 06 31 12 27 20 20", clock());
        assertEquals(0x26, read(0x0A));
        assertEquals(0x02, read(0x0B));
        assertEquals(0x00, read(0x0C));
        assertEquals(0x80, read(0x0D));
        assertEquals(0x80, read(0x15));
        assertEquals(3, read(0x5F));
    }

    @Test
    void countsIntoTheNextYear() {
        timers.advance(3 * SECOND);
        assertEquals("01 00 00 07 01 01 28 20 20", clock());
    }

    @Test
    void rollsTheCenturyOver() {
        CmosRtc old = clockAt("2099-12-31T23:59:59Z");
        timers.advance(SECOND);
        assertEquals(0x21, read(old, 0x32));
        assertEquals(0x00, read(old, 9));
    }

    @ParameterizedTest(name = "register B {0}: one second after {1}:{2}:{2} it is {3} hours")
    @CsvSource({
        "02, 22, 59, 23",
        "06, 16, 3B, 17",
        "00, 90, 59, 91",
        "04, 8A, 3B, 8B",
        "00, 92, 59, 81",
        "04, 8B, 3B, 0C"
    })
    void hoursFollowTheDataMode(String mode, String hour, String fiftyNine, String expected) {
        write(0x0B, 0x80 | Integer.parseInt(mode, 16));
        write(4, Integer.parseInt(hour, 16));
        write(2, Integer.parseInt(fiftyNine, 16));
        write(0, Integer.parseInt(fiftyNine, 16));
        write(0x0B, Integer.parseInt(mode, 16));
        timers.advance(SECOND);
        assertEquals(Integer.parseInt(expected, 16), read(4));
    }

    @Test
    void updateInProgressWarnsBeforeTheUpdate() {
        timers.advance(SECOND - 244_142);
        assertEquals(0x26, read(0x0A));
        timers.advance(100_000);
        assertEquals(0xA6, read(0x0A));
        timers.advance(144_142);
        assertEquals(0x26, read(0x0A));
    }

    @Test
    void setStopsUpdatesAndTakesANewTime() {
        write(0x0B, 0x82);
        write(0x00, 0x10);
        timers.advance(5 * SECOND);
        assertEquals(0x10, read(0x00));
        write(0x0B, 0x02);
        timers.advance(SECOND);
        assertEquals(0x11, read(0x00));
    }

    @Test
    void theUpdateInterruptHoldsTheLineUntilCIsRead() {
        write(0x0B, 0x12);
        timers.advance(SECOND);
        assertTrue(irq.level());
        timers.advance(5 * SECOND);
        assertEquals(1, irq.takeEdges(), "C was not read");
        assertEquals(0x90, read(0x0C) & 0x90);
        assertFalse(irq.level());
        timers.advance(SECOND);
        assertTrue(irq.level());
    }

    @ParameterizedTest(name = "rate {0} makes {1} interrupts per second")
    @CsvSource({"6, 1024", "15, 2", "3, 8192", "1, 256", "2, 128"})
    void thePeriodicInterruptFollowsTheRate(int rate, int interrupts) {
        write(0x0A, 0x20 | rate);
        write(0x0B, 0x42);
        int count = 0;
        long end = SECOND;
        long step = 20_000;
        for (long t = 0; t < end; t += step) {
            timers.advance(step);
            if (irq.level()) {
                assertEquals(0xC0, read(0x0C) & 0xC0);
                count++;
            }
        }
        assertEquals(interrupts, count, 2);
    }

    @Test
    void theAlarmMatchesHourMinuteAndSecondAndDoNotCare() {
        write(0x01, 0x00);
        write(0x03, 0x00);
        write(0x05, 0xFF);
        write(0x0B, 0x22);
        timers.advance(SECOND);
        assertFalse(irq.level());
        timers.advance(SECOND);
        assertTrue(irq.level());
        assertEquals(0xB0, read(0x0C) & 0xB0);
    }

    @Test
    void flagsAreSetEvenWhenTheirInterruptIsNot() {
        timers.advance(2 * SECOND);
        assertEquals(0x50, read(0x0C) & 0xD0, "PF and UF without IRQF");
    }

    @Test
    void aDividerResetDelaysTheFirstUpdateByHalfASecond() {
        timers.advance(SECOND / 4);
        write(0x0A, 0x76);
        timers.advance(10 * SECOND);
        assertEquals(0x58, read(0));
        write(0x0A, 0x26);
        timers.advance(SECOND / 2 - 1);
        assertEquals(0x58, read(0));
        timers.advance(1);
        assertEquals(0x59, read(0));
    }

    @Test
    void theShutdownByteIsPlainMemory() {
        write(0x8F, 0x0A); // bit 7 is the NMI mask
        assertEquals(0x0A, read(0x0F));
    }

    @Test
    void nonsenseInTheTimeBytesDoesNotStopTheClock() {
        for (int register = 0; register < 10; register++) {
            write(register, 0xFF);
        }
        timers.advance(3 * SECOND);
        assertTrue(read(0) < 0x60);
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        write(0x0B, 0x12);
        timers.advance(SECOND / 2);
        RecordingLine line = new RecordingLine();
        CmosRtc other = new CmosRtc(timers, line, Instant.EPOCH, new byte[0]);
        other.restore(rtc.save());
        assertEquals(rtc.save(), other.save());
        timers.advance(SECOND / 2);
        assertTrue(line.level());
    }

    private String clock() {
        StringBuilder text = new StringBuilder();
        for (int register : new int[] {0, 2, 4, 6, 7, 8, 9, 0x32, 0x37}) {
            text.append(String.format("%02X ", read(register)));
        }
        return text.toString().trim();
    }

    private void write(int register, int value) {
        rtc.write(0, 1, register);
        rtc.write(1, 1, value);
    }

    private long read(int register) {
        return read(rtc, register);
    }

    private static long read(CmosRtc rtc, int register) {
        rtc.write(0, 1, register);
        return rtc.read(1, 1);
    }
}
