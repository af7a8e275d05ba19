package dev.carafe.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.apic.ApicBus;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.pic.Pic8259Pair;
import org.junit.jupiter.api.Test;

class WiresTest {
    @Test
    void aSharedWireFallsWhenTheLastDeviceReleasesIt() {
        RecordingLine line = new RecordingLine();
        WiredOr shared = new WiredOr(line);
        InterruptLine first = shared.input();
        InterruptLine second = shared.input();
        first.set(true);
        second.set(true);
        second.set(true);
        first.set(false);
        assertTrue(line.level());
        second.set(false);
        assertFalse(line.level());
    }

    @Test
    void anIsaInterruptReachesBothControllersAndIrq0UsesPin2() {
        RecordingLine intr = new RecordingLine();
        Pic8259Pair pic = new Pic8259Pair(intr);
        IoApic ioApic = new IoApic(new ApicBus());
        IsaInterrupts isa = new IsaInterrupts(pic, ioApic);
        isa.irq(0).set(true);
        isa.irq(4).set(true);
        isa.irq(2).set(true);
        assertEquals(0x14, ioApic.save().lines());
        assertEquals(0x11, pic.master().read(0, 1), "IRR");
        assertTrue(intr.level());
    }
}
