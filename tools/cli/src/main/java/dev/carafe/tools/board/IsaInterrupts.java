package dev.carafe.tools.board;

import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.pic.Pic8259Pair;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The sixteen ISA interrupts: each leads to an 8259 input and to an I/O APIC pin, of the same
 * number except IRQ 0, which is pin 2 (as the MADT says).
 */
final class IsaInterrupts {
    private static final int COUNT = 16;
    private static final int CASCADE = 2;
    private static final int TIMER_PIN = 2;

    private final AtomicLongArray raised = new AtomicLongArray(COUNT);
    private final SharedWire[] wires = new SharedWire[COUNT];

    IsaInterrupts(Pic8259Pair pic, IoApic ioApic) {
        for (int irq = 0; irq < COUNT; irq++) {
            int number = irq;
            if (irq != CASCADE) {
                InterruptLine first = pic.irq(irq);
                InterruptLine second = ioApic.pin(irq == 0 ? TIMER_PIN : irq);
                wires[irq] =
                        new SharedWire(
                                asserted -> {
                                    count(number, asserted);
                                    first.set(asserted);
                                    second.set(asserted);
                                });
            }
        }
    }

    private void count(int irq, boolean asserted) {
        if (asserted) {
            raised.incrementAndGet(irq);
        }
    }

    /** How often the wire of an interrupt has been raised. */
    long raised(int irq) {
        return raised.get(irq);
    }

    /** A new end of the wire of an interrupt, for one device. */
    InterruptLine line(int irq) {
        return wires[irq].end();
    }
}
