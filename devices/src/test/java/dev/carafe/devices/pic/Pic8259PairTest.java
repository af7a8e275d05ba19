package dev.carafe.devices.pic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.RecordingLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Pic8259PairTest {
    private final RecordingLine intr = new RecordingLine();
    private final Pic8259Pair pic = new Pic8259Pair(intr);

    @BeforeEach
    void initialize() {
        initialize(0x01);
    }

    private void initialize(int icw4) {
        master(0, 0x11);
        master(1, 0x20);
        master(1, 0x04);
        master(1, icw4);
        slave(0, 0x11);
        slave(1, 0x28);
        slave(1, 0x02);
        slave(1, 0x01);
        intr.takeEdges();
    }

    @Test
    void anInterruptGoesThroughIrrAndIsrToItsEoi() {
        pic.irq(4).set(true);
        assertTrue(intr.level());
        assertEquals(0x10, masterReads(0), "IRR is selected after ICW1");
        assertEquals(0x24, pic.acknowledge());
        assertFalse(intr.level());
        master(0, 0x0B);
        assertEquals(0x10, masterReads(0), "ISR");
        master(0, 0x20);
        assertEquals(0, masterReads(0));
        assertFalse(intr.level(), "edge-triggered: one edge, one interrupt");
    }

    @Test
    void theMaskReadsBackAndHoldsRequests() {
        master(1, 0xFB);
        assertEquals(0xFB, masterReads(1));
        pic.irq(0).set(true);
        assertFalse(intr.level());
        master(1, 0xFA);
        assertTrue(intr.level(), "the request waited in IRR");
        assertEquals(0x20, pic.acknowledge());
    }

    @Test
    void theSlaveComesThroughInput2() {
        pic.irq(8).set(true);
        assertEquals(0x28, pic.acknowledge());
        pic.irq(1).set(true);
        assertTrue(intr.level(), "IRQ 1 is above the slave");
        assertEquals(0x21, pic.acknowledge());
        master(0, 0x20);
        slave(0, 0x20);
        master(0, 0x20);
        assertFalse(intr.level());
    }

    @Test
    void aSecondSlaveRequestIsNotLost() {
        pic.irq(12).set(true);
        assertEquals(0x2C, pic.acknowledge());
        pic.irq(9).set(true);
        slave(0, 0x20);
        master(0, 0x20);
        assertTrue(intr.level());
        assertEquals(0x29, pic.acknowledge());
    }

    @Test
    void lowerPrioritiesWaitForTheEnd() {
        pic.irq(3).set(true);
        pic.acknowledge();
        pic.irq(5).set(true);
        assertFalse(intr.level());
        master(0, 0x63);
        assertEquals(0x25, pic.acknowledge());
    }

    @Test
    void anEdgeStaysLatchedUntilInta() {
        pic.irq(4).set(true);
        pic.irq(4).set(false);
        assertTrue(intr.level(), "a guest that is slow to answer must not lose its tick");
        assertEquals(0x24, pic.acknowledge());
        assertFalse(intr.level());
    }

    @Test
    void aLevelThatFallsBeforeIntaIsSpurious() {
        elcr(0, 0x10);
        pic.irq(4).set(true);
        pic.irq(4).set(false);
        assertFalse(intr.level());
        assertEquals(0x27, pic.acknowledge());
        master(0, 0x0B);
        assertEquals(0, masterReads(0), "no ISR bit");
    }

    @Test
    void levelTriggeredInputsAskAgainAfterEoi() {
        elcr(1, 0xFF);
        assertEquals(0xDE, pic.edgeLevelControl().read(1, 1), "8 and 13 stay edge-triggered");
        elcr(0, 0xFF);
        assertEquals(0xF8, pic.edgeLevelControl().read(0, 1));
        pic.irq(5).set(true);
        pic.acknowledge();
        master(0, 0x20);
        assertTrue(intr.level());
        pic.irq(5).set(false);
        assertFalse(intr.level());
    }

    @Test
    void automaticEoiLeavesNothingInService() {
        initialize(0x03);
        pic.irq(4).set(true);
        assertEquals(0x24, pic.acknowledge());
        master(0, 0x0B);
        assertEquals(0, masterReads(0));
    }

    @Test
    void rotationMakesTheServedInputTheLowest() {
        pic.irq(3).set(true);
        pic.acknowledge();
        master(0, 0xA0); // rotate on non-specific EOI
        pic.irq(1).set(true);
        pic.irq(4).set(true);
        assertEquals(0x24, pic.acknowledge(), "4 follows 3, which is the lowest now");
        master(0, 0x20);
        master(0, 0xC7); // set priority: 7 is the lowest
        assertEquals(0x21, pic.acknowledge());
    }

    @Test
    void specialMaskModeLetsLowerPrioritiesIn() {
        pic.irq(1).set(true);
        pic.acknowledge();
        pic.irq(6).set(true);
        assertFalse(intr.level());
        master(1, 0x02);
        master(0, 0x68);
        assertTrue(intr.level());
        assertEquals(0x26, pic.acknowledge());
    }

    @Test
    void pollingAcknowledges() {
        pic.irq(6).set(true);
        master(0, 0x0C);
        assertEquals(0x86, masterReads(0));
        assertFalse(intr.level());
        master(0, 0x0C);
        assertEquals(0x00, masterReads(0), "nothing more");
    }

    @Test
    void fullyNestedModeLetsAHigherSlaveInputIn() {
        initialize(0x11);
        pic.irq(12).set(true);
        assertEquals(0x2C, pic.acknowledge());
        pic.irq(8).set(true);
        assertTrue(intr.level());
        assertEquals(0x28, pic.acknowledge());
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        pic.irq(12).set(true);
        pic.acknowledge();
        pic.irq(4).set(true);
        pic.irq(1).set(true);
        RecordingLine line = new RecordingLine();
        Pic8259Pair other = new Pic8259Pair(line);
        other.restore(pic.save());
        assertEquals(pic.save(), other.save());
        assertTrue(line.level());
        assertEquals(0x21, other.acknowledge());
    }

    private void master(int offset, int value) {
        pic.master().write(offset, 1, value);
    }

    private void slave(int offset, int value) {
        pic.slave().write(offset, 1, value);
    }

    private void elcr(int offset, int value) {
        pic.edgeLevelControl().write(offset, 1, value);
    }

    private long masterReads(int offset) {
        return pic.master().read(offset, 1);
    }
}
