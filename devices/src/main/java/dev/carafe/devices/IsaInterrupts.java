package dev.carafe.devices;

import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.pic.Pic8259Pair;

/**
 * The sixteen ISA interrupt wires, each to the 8259 pair and to the I/O APIC: IRQ 0 to pin 2, the
 * others one to one.
 */
public final class IsaInterrupts {
    private static final int TIMER = 0;
    private static final int TIMER_PIN = 2;

    private final Pic8259Pair pic;
    private final IoApic ioApic;

    public IsaInterrupts(Pic8259Pair pic, IoApic ioApic) {
        this.pic = pic;
        this.ioApic = ioApic;
    }

    /** The wire of an ISA interrupt, 0 to 15; IRQ 2 is the cascade and leads nowhere. */
    public InterruptLine irq(int number) {
        if (number == TIMER_PIN) {
            return InterruptLine.UNCONNECTED;
        }
        InterruptLine toPic = pic.irq(number);
        InterruptLine toIoApic = ioApic.pin(number == TIMER ? TIMER_PIN : number);
        return asserted -> {
            toPic.set(asserted);
            toIoApic.set(asserted);
        };
    }
}
