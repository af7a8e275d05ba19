package dev.carafe.devices.apic;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.AccessSize;
import dev.carafe.devices.SavedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An I/O APIC with 24 pins and an EOI register (version 20h), after the 82093AA data sheet and the
 * ICH9 data sheet, "I/O Advanced Programmable Interrupt Controller". Lock order: device, I/O APIC,
 * local APIC.
 *
 * <p>Not modelled: the polarity bit (a line says asserted or not, never high or low), delivery
 * status (reads 0, sending takes no time), the arbitration between I/O APICs.
 */
public final class IoApic implements BusDevice, Stateful<IoApic.State> {
    /** Number of pins. */
    public static final int PINS = 24;

    private static final int STATE_VERSION = 1;
    private static final int IOREGSEL = 0x00;
    private static final int IOWIN = 0x10;
    private static final int EOI = 0x40;
    private static final int ID = 0;
    private static final int VERSION = 1;
    private static final int ARBITRATION = 2;
    private static final int TABLE = 0x10;
    private static final int VERSION_VALUE = (PINS - 1) << 16 | 0x20;
    private static final int ID_BITS = 0x0F00_0000;

    private final ApicBus bus;

    // All state below is guarded by this.
    private final RedirectionEntry[] entries = new RedirectionEntry[PINS];
    private final InterruptMessage[] messages =
            new InterruptMessage[PINS]; // of the entries, so that no pulse allocates
    private final int[] sentVector =
            new int[PINS]; // what the EOI of a pin with remote IRR will name
    private int lines; // bit n: pin n asserted
    private int remoteIrr; // bit n: pin n waits for an EOI
    private int select;
    private int id;

    /** Makes an I/O APIC with all pins masked. The board attaches it to {@code bus}. */
    public IoApic(ApicBus bus) {
        this.bus = bus;
        Arrays.fill(entries, RedirectionEntry.RESET);
        Arrays.fill(messages, RedirectionEntry.RESET.message());
    }

    /** The wire into a pin, 0 to 23. */
    public InterruptLine pin(int number) {
        if (number < 0 || number >= PINS) {
            throw new IllegalArgumentException("I/O APIC pin " + number);
        }
        return asserted -> setPin(number, asserted);
    }

    private synchronized void setPin(int pin, boolean asserted) {
        int bit = 1 << pin;
        boolean was = (lines & bit) != 0;
        if (was == asserted) {
            return;
        }
        lines ^= bit;
        if (asserted && !entries[pin].masked()) {
            if (entries[pin].waitsForEoi()) {
                sendLevel(pin);
            } else {
                bus.deliver(messages[pin]);
            }
        }
    }

    /** Sends a level-triggered interrupt if its line is asserted and no EOI is outstanding. */
    private void sendLevel(int pin) {
        int bit = 1 << pin;
        RedirectionEntry entry = entries[pin];
        boolean due =
                (lines & bit) != 0
                        && (remoteIrr & bit) == 0
                        && !entry.masked()
                        && entry.waitsForEoi();
        if (due && bus.deliver(messages[pin])) {
            remoteIrr |= bit;
            sentVector[pin] = entry.vector();
        }
    }

    /** The EOI broadcast of a local APIC, or a write to the EOI register. */
    synchronized void endOfInterrupt(int vector) {
        for (int pin = 0; pin < PINS; pin++) {
            boolean waits = (remoteIrr & 1 << pin) != 0;
            if (waits && (sentVector[pin] == vector || entries[pin].vector() == vector)) {
                remoteIrr &= ~(1 << pin);
                sendLevel(pin);
            }
        }
    }

    /** Tries level-triggered interrupts again that no local APIC accepted. */
    synchronized void resend() {
        for (int pin = 0; pin < PINS; pin++) {
            sendLevel(pin);
        }
    }

    @Override
    public synchronized long read(int offset, int size) {
        int register = offset & ~3;
        long value =
                switch (register) {
                    case IOREGSEL -> select;
                    case IOWIN -> readSelected() & 0xFFFF_FFFFL;
                    default -> 0;
                };
        return AccessSize.extract(value, offset & 3, size);
    }

    @Override
    public void write(int offset, int size, long value) {
        if (offset == IOWIN) {
            announce((int) value);
        }
        change(offset, value);
    }

    /** Lets the observer see what an entry is going to be. */
    private void announce(int value) {
        int pin;
        long future;
        synchronized (this) {
            pin = (select - TABLE) >> 1;
            if (select < TABLE || pin >= PINS) {
                return;
            }
            RedirectionEntry old = entries[pin];
            future = ((select & 1) == 0 ? old.withLow(value) : old.withHigh(value)).bits();
        }
        bus.observer().redirectionWriting(pin, future);
    }

    private synchronized void change(int offset, long value) {
        switch (offset) {
            case IOREGSEL -> select = (int) value & 0xFF;
            case IOWIN -> writeSelected((int) value);
            case EOI -> endOfInterrupt((int) value & 0xFF);
            default -> {} // nothing there
        }
    }

    private int readSelected() {
        int pin = (select - TABLE) >> 1;
        return switch (select) {
            case ID, ARBITRATION -> id;
            case VERSION -> VERSION_VALUE;
            default -> {
                if (pin < 0 || pin >= PINS) {
                    yield 0;
                }
                int waiting = (remoteIrr >> pin & 1) * RedirectionEntry.REMOTE_IRR;
                yield (select & 1) == 0 ? entries[pin].low() | waiting : entries[pin].high();
            }
        };
    }

    private void writeSelected(int value) {
        if (select == ID) {
            id = value & ID_BITS;
            return;
        }
        int pin = (select - TABLE) >> 1;
        if (pin < 0 || pin >= PINS) {
            return;
        }
        RedirectionEntry old = entries[pin];
        entries[pin] = (select & 1) == 0 ? old.withLow(value) : old.withHigh(value);
        messages[pin] = entries[pin].message();
        if (!entries[pin].waitsForEoi()) {
            remoteIrr &= ~(1 << pin);
        }
        sendLevel(pin);
    }

    @Override
    public synchronized State save() {
        List<Long> table = new ArrayList<>(PINS);
        List<Integer> sent = new ArrayList<>(PINS);
        for (int pin = 0; pin < PINS; pin++) {
            table.add(entries[pin].bits());
            sent.add(sentVector[pin]);
        }
        return new State(
                STATE_VERSION, select, id, lines, remoteIrr, List.copyOf(table), List.copyOf(sent));
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "I/O APIC");
        select = state.select;
        id = state.id;
        lines = state.lines;
        remoteIrr = state.remoteIrr;
        for (int pin = 0; pin < PINS; pin++) {
            entries[pin] = new RedirectionEntry(state.table.get(pin));
            messages[pin] = entries[pin].message();
            sentVector[pin] = state.sentVectors.get(pin);
        }
    }

    /** The whole state; {@code lines} and {@code remoteIrr} have one bit per pin. */
    public record State(
            int version,
            int select,
            int id,
            int lines,
            int remoteIrr,
            List<Long> table,
            List<Integer> sentVectors) {}
}
