package dev.carafe.devices.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.FakeTimers;
import dev.carafe.devices.RecordingLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Uart16550Test {
    private static final int RBR_THR = 0;
    private static final int IER = 1;
    private static final int IIR_FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private final FakeTimers timers = new FakeTimers();
    private final RecordingLine line = new RecordingLine();
    private final StringBuilder sent = new StringBuilder();
    private int roomCalls;
    private final Uart16550 uart =
            new Uart16550(timers, line, b -> sent.append((char) b), () -> roomCalls++);

    @ParameterizedTest(name = "register {0} is {1}")
    @CsvSource({"1, 00", "2, 01", "3, 00", "4, 08", "5, 60", "6, B0", "7, 00"})
    void registersHaveTheirResetValues(int register, String value) {
        assertEquals(Integer.parseInt(value, 16), guestReads(register));
    }

    @Test
    void aByteWrittenToThrReachesTheWireAtOnce() {
        guestWrites(RBR_THR, 'A');
        assertEquals("A", sent.toString());
        assertFalse(line.level(), "IER is zero");
        assertEquals(0x60, guestReads(LSR));
    }

    @Test
    void theDivisorLatchHidesDataAndInterruptEnable() {
        guestWrites(IER, 0xFF);
        assertEquals(0x0F, guestReads(IER), "only bits 0 to 3 stick");
        guestWrites(LCR, 0x83);
        assertEquals(12, guestReads(RBR_THR));
        guestWrites(RBR_THR, 0);
        guestWrites(IER, 0);
        guestWrites(LCR, 0x03);
        assertEquals(0x0F, guestReads(IER));
        guestWrites(IIR_FCR, 1);
        uart.receive('x'); // a divisor of zero must not divide by zero
        assertEquals("", sent.toString());
    }

    @Test
    void receivedByteHoldsTheLineUntilItIsRead() {
        guestWrites(IER, 0x01);
        uart.receive('x');
        assertEquals(0x04, guestReads(IIR_FCR), "cause: received data");
        assertTrue(line.level(), "reading IIR does not acknowledge received data");
        assertEquals(0x61, guestReads(LSR));
        assertEquals('x', guestReads(RBR_THR));
        assertFalse(line.level());
    }

    @Test
    void thrEmptyIsAnnouncedOnEnableAndAfterEachByte() {
        guestWrites(IER, 0x02);
        assertTrue(line.level());
        assertEquals(0x02, guestReads(IIR_FCR));
        assertFalse(line.level());
        assertEquals(0x01, guestReads(IIR_FCR));
        line.takeEdges();
        guestWrites(RBR_THR, 'a');
        guestWrites(RBR_THR, 'b');
        assertEquals(2, line.takeEdges(), "the wire falls between two causes");
        guestReads(IIR_FCR);
        guestWrites(IER, 0x02);
        assertEquals(0x02, guestReads(IIR_FCR), "rewriting IER.1 announces it again");
    }

    @Test
    void readingIirForAnotherCauseKeepsThrEmpty() {
        guestWrites(IER, 0x03);
        uart.receive('x');
        assertEquals(0x04, guestReads(IIR_FCR));
        guestReads(RBR_THR);
        assertEquals(0x02, guestReads(IIR_FCR));
    }

    @Test
    void fifosAreIdentifiedAndFlushed() {
        guestWrites(IIR_FCR, 0x01);
        assertEquals(0xC1, guestReads(IIR_FCR));
        uart.receive('x');
        guestWrites(IIR_FCR, 0x03);
        assertEquals(0x60, guestReads(LSR));
        uart.receive('y');
        guestWrites(IIR_FCR, 0x00);
        assertEquals(0x60, guestReads(LSR), "toggling the enable flushes");
        assertEquals(0x01, guestReads(IIR_FCR));
    }

    @Test
    void theTriggerLevelAndTheTimeoutRaiseDifferentCauses() {
        guestWrites(IIR_FCR, 0x81);
        guestWrites(IER, 0x01);
        for (int i = 0; i < 7; i++) {
            uart.receive('a' + i);
        }
        assertFalse(line.level(), "below the trigger of 8");
        uart.receive('h');
        assertEquals(0xC4, guestReads(IIR_FCR));
        assertEquals('a', guestReads(RBR_THR));
        assertFalse(line.level());
        timers.advance(10_000_000);
        assertEquals(0xCC, guestReads(IIR_FCR), "four character times without one");
        assertEquals('b', guestReads(RBR_THR));
        assertFalse(line.level(), "reading RBR ends the timeout");
        timers.advance(10_000_000);
        assertTrue(line.level());
    }

    @Test
    void withoutFifoANewByteReplacesTheOldOne() {
        uart.receive('a');
        assertFalse(uart.canReceive());
        uart.receive('b');
        assertEquals(0x63, guestReads(LSR), "overrun");
        assertEquals(0x61, guestReads(LSR), "reading clears it");
        assertEquals('b', guestReads(RBR_THR));
        assertTrue(uart.canReceive());
        assertEquals(1, roomCalls);
    }

    @Test
    void aFullFifoDropsTheNewByte() {
        guestWrites(IIR_FCR, 0x01);
        for (int i = 0; i < 17; i++) {
            uart.receive(i);
        }
        assertEquals(0x63, guestReads(LSR));
        for (int i = 0; i < 16; i++) {
            assertEquals(i, guestReads(RBR_THR));
        }
        assertEquals(0x60, guestReads(LSR));
    }

    @Test
    void aBreakIsALineStatusError() {
        guestWrites(IIR_FCR, 0x01);
        guestWrites(IER, 0x04);
        uart.receiveBreak();
        assertEquals(0xC6, guestReads(IIR_FCR));
        assertEquals(0xF1, guestReads(LSR));
        assertEquals(0xC1, guestReads(IIR_FCR));
    }

    @Test
    void loopbackBringsTheByteBack() {
        guestWrites(MCR, 0x1E);
        guestWrites(RBR_THR, 0xAE);
        assertEquals(0xAE, guestReads(RBR_THR));
        assertEquals("", sent.toString());
        uart.receive('x');
        assertEquals(0x60, guestReads(LSR), "the wire is disconnected");
        guestWrites(MCR, 0x0F);
        guestWrites(RBR_THR, 'k');
        assertEquals("k", sent.toString());
    }

    @ParameterizedTest(name = "MCR {0} loops to MSR {1}")
    @CsvSource({"1A, 90", "11, 20", "14, 40", "1F, F0", "10, 00"})
    void loopbackConnectsTheModemLines(String mcr, String msr) {
        guestWrites(MCR, Integer.parseInt(mcr, 16));
        assertEquals(Integer.parseInt(msr, 16), guestReads(MSR) & 0xF0);
    }

    @Test
    void modemDeltasInterruptAndAreClearedByReading() {
        guestWrites(IER, 0x08);
        guestWrites(MCR, 0x14);
        assertTrue(line.level());
        assertEquals(0x00, guestReads(IIR_FCR));
        assertEquals(0x4B, guestReads(MSR), "DCD, DSR and CTS fell; a rising RI is no event");
        assertFalse(line.level());
        guestWrites(MCR, 0x10);
        assertEquals(0x04, guestReads(MSR), "trailing edge of RI");
    }

    @Test
    void scratchKeepsAByte() {
        guestWrites(SCR, 0x5A);
        assertEquals(0x5A, guestReads(SCR));
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        guestWrites(IIR_FCR, 0x41);
        guestWrites(IER, 0x01);
        uart.receive('x');
        RecordingLine other = new RecordingLine();
        Uart16550 copy = new Uart16550(timers, other, b -> {});
        copy.restore(uart.save());
        assertEquals(uart.save(), copy.save());
        timers.advance(10_000_000);
        assertTrue(other.level());
        assertEquals('x', copy.read(RBR_THR, 1));
    }

    private void guestWrites(int register, int value) {
        uart.write(register, 1, value);
    }

    private long guestReads(int register) {
        return uart.read(register, 1);
    }
}
