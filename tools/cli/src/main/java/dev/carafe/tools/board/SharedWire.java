package dev.carafe.tools.board;

import dev.carafe.core.interrupt.InterruptLine;

/**
 * A wire that several devices drive: asserted while any of them asserts it. Devices that drive the
 * same line take this lock after their own, and before the interrupt controllers'.
 */
final class SharedWire {
    private final InterruptLine output;
    private int drivers; // how many ends exist; guarded by this
    private long asserted; // bit n: end n asserts; guarded by this

    SharedWire(InterruptLine output) {
        this.output = output;
    }

    /** A new end of the wire, for one device. */
    synchronized InterruptLine end() {
        if (drivers == Long.SIZE) {
            throw new IllegalStateException("more than " + Long.SIZE + " devices on one wire");
        }
        long bit = 1L << drivers++;
        return level -> set(bit, level);
    }

    private synchronized void set(long bit, boolean level) {
        long before = asserted;
        asserted = level ? before | bit : before & ~bit;
        if ((before == 0) != (asserted == 0)) {
            output.set(asserted != 0);
        }
    }
}
