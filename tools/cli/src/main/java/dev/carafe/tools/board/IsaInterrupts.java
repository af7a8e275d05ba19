package dev.carafe.tools.board;

import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.pic.Pic8259Pair;

/**
 * The sixteen ISA interrupts: each leads to an 8259 input and to an I/O APIC pin, of the same
 * number except IRQ 0, which is pin 2 (as the MADT says).
 */
final class IsaInterrupts {
    private static final int COUNT = 16;
    private static final int CASCADE = 2;
    private static final int TIMER_PIN = 2;

    private final SharedWire[] wires = new SharedWire[COUNT];

    IsaInterrupts(Pic8259Pair pic, IoApic ioApic) {
        for (int irq = 0; irq < COUNT; irq++) {
            if (irq != CASCADE) {
                InterruptLine first = pic.irq(irq);
                InterruptLine second = ioApic.pin(irq == 0 ? TIMER_PIN : irq);
                wires[irq] =
                        new SharedWire(
                                asserted -> {
                                    first.set(asserted);
                                    second.set(asserted);
                                });
            }
        }
    }

    /** A new end of the wire of an interrupt, for one device. */
    InterruptLine line(int irq) {
        return wires[irq].end();
    }
}
