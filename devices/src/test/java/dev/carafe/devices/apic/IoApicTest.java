package dev.carafe.devices.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IoApicTest {
    private static final long LEVEL = 1 << 15;
    private static final long MASKED = 1 << 16;
    private static final long REMOTE_IRR = 1 << 14;

    private final TestMachine machine = new TestMachine(0, 1);
    private final IoApic ioApic = machine.ioApic;

    @Test
    void identificationRegisters() {
        assertEquals(0x0017_0020, machine.ioRead(1));
        machine.ioWrite(1, 0xFFFF_FFFFL);
        assertEquals(0x0017_0020, machine.ioRead(1), "read-only");
        machine.ioWrite(0, 0xFFFF_FFFFL);
        assertEquals(0x0F00_0000, machine.ioRead(0), "only bits 27:24");
        assertEquals(0x0F00_0000, machine.ioRead(2), "arbitration ID mirrors it");
        machine.ioWrite(2, 0);
        assertEquals(0x0F00_0000, machine.ioRead(2));
        assertEquals(2, ioApic.read(0, 4), "IOREGSEL");
    }

    @Test
    void everyEntryStartsMaskedAndKeepsItsWritableBits() {
        for (int pin = 0; pin < IoApic.PINS; pin++) {
            assertEquals(MASKED, machine.ioRead(0x10 + 2 * pin));
            assertEquals(0, machine.ioRead(0x11 + 2 * pin));
        }
        machine.redirect(5, 0xFFFF_FFFF_FFFF_FFFFL);
        assertEquals(0x1_AFFF, machine.ioRead(0x1A));
        assertEquals(0xFF00_0000L, machine.ioRead(0x1B));
        assertEquals(0, machine.ioRead(0x40), "beyond the table");
    }

    @Test
    void anEdgeIsSentOnceAndLostWhileMasked() {
        machine.redirect(4, 0x0100_0000_0000_0077L);
        ioApic.pin(4).set(true);
        assertEquals("1:77", machine.taken());
        ioApic.pin(4).set(true);
        assertEquals("", machine.taken());
        machine.redirect(4, 0x0100_0000_0000_0077L | MASKED);
        ioApic.pin(4).set(false);
        ioApic.pin(4).set(true);
        machine.redirect(4, 0x0100_0000_0000_0077L);
        assertEquals("", machine.taken());
    }

    @Test
    void simultaneousInterruptsComeByPriority() {
        machine.redirect(14, 0x78);
        machine.redirect(15, 0x66);
        ioApic.pin(15).set(true);
        ioApic.pin(14).set(true);
        assertEquals("0:78 0:66", machine.taken());
    }

    @Test
    void aLevelInterruptWaitsForItsEoi() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        assertEquals(0x51 | LEVEL | REMOTE_IRR, machine.ioRead(0x2C));
        assertEquals(0x51, machine.apic(0).acknowledge());
        assertEquals(1L << 17, machine.read(0, 0x1A0), "TMR");
        ioApic.pin(14).set(false);
        ioApic.pin(14).set(true);
        assertFalse(machine.cpu(0).interrupt, "remote IRR holds the next one back");
        machine.write(0, 0xB0, 0);
        assertTrue(machine.cpu(0).interrupt, "the line is still high at EOI");
        machine.apic(0).acknowledge();
        ioApic.pin(14).set(false);
        machine.write(0, 0xB0, 0);
        assertEquals(0x51 | LEVEL, machine.ioRead(0x2C));
        assertFalse(machine.cpu(0).interrupt);
    }

    @Test
    void anEdgeClearsTheTriggerModeBit() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        machine.apic(0).acknowledge();
        ioApic.pin(14).set(false);
        machine.write(0, 0xB0, 0);
        machine.redirect(14, 0x51);
        ioApic.pin(14).set(true);
        assertEquals(0, machine.read(0, 0x1A0));
    }

    @Test
    void unmaskingWithTheLineHighSends() {
        machine.redirect(14, 0x51 | LEVEL | MASKED);
        ioApic.pin(14).set(true);
        assertEquals("", machine.taken());
        machine.redirect(14, 0x51 | LEVEL);
        assertEquals(0x51, machine.apic(0).acknowledge());
    }

    @Test
    void rewritingAnEntryToEdgeClearsRemoteIrr() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        machine.redirect(14, 0x51 | MASKED);
        assertEquals(0x51 | MASKED, machine.ioRead(0x2C));
        ioApic.pin(14).set(false);
        machine.redirect(14, 0x51 | LEVEL);
        assertEquals(0x51 | LEVEL, machine.ioRead(0x2C));
    }

    @Test
    void anEoiIsNotLostWhenTheVectorWasRewritten() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        machine.apic(0).acknowledge();
        machine.redirect(14, 0x52 | LEVEL);
        ioApic.pin(14).set(false);
        machine.write(0, 0xB0, 0);
        assertEquals(0x52 | LEVEL, machine.ioRead(0x2C));
    }

    @Test
    void theEoiRegisterClearsRemoteIrr() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        ioApic.pin(14).set(false);
        ioApic.write(0x40, 4, 0x51);
        assertEquals(0x51 | LEVEL, machine.ioRead(0x2C));
    }

    @Test
    void aLevelInterruptThatNobodyAcceptedIsSentWhenAnApicIsEnabled() {
        machine.write(1, 0xF0, 0xFF);
        machine.redirect(14, 0x0100_0000_0000_0051L | LEVEL);
        ioApic.pin(14).set(true);
        assertEquals(0x51 | LEVEL, machine.ioRead(0x2C), "not accepted: no remote IRR");
        machine.write(1, 0xF0, 0x1FF);
        assertEquals(0x51, machine.apic(1).acknowledge());
    }

    @Test
    void otherDeliveryModes() {
        machine.redirect(1, 0x0100_0000_0000_0400L);
        machine.redirect(2, 0x0700);
        ioApic.pin(1).set(true);
        ioApic.pin(2).set(true);
        assertEquals("[NMI]", machine.cpu(1).events.toString());
        assertEquals(0x08, machine.apic(0).acknowledge(), "ExtINT asks the 8259");
        assertFalse(machine.cpu(0).interrupt);
    }

    @Test
    void aPinThatDoesNotExistIsAMistakeOfTheBoard() {
        assertThrows(IllegalArgumentException.class, () -> ioApic.pin(24));
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        machine.redirect(14, 0x51 | LEVEL);
        ioApic.pin(14).set(true);
        TestMachine other = new TestMachine(0, 1);
        other.ioApic.restore(ioApic.save());
        assertEquals(ioApic.save(), other.ioApic.save());
        assertEquals(0x51 | LEVEL | REMOTE_IRR, other.ioRead(0x2C));
    }
}
