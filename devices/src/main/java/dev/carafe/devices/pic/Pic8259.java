package dev.carafe.devices.pic;

import dev.carafe.devices.ByteDevice;

/**
 * One 8259A, after its data sheet: initialization and operation command words, priorities and their
 * rotation, automatic EOI, special mask, special fully nested and poll mode. Guarded by the lock of
 * its {@link Pic8259Pair}.
 *
 * <p>Not modelled: MCS-80/85 mode, buffered mode.
 */
final class Pic8259 {
    private static final int ICW1 = 0x10;
    private static final int ICW1_LEVEL = 0x08;
    private static final int ICW1_SINGLE = 0x02;
    private static final int ICW1_NEEDS_ICW4 = 0x01;
    private static final int ICW4_FULLY_NESTED = 0x10;
    private static final int ICW4_AUTO_EOI = 0x02;
    private static final int OCW3 = 0x08;
    private static final int OCW3_SET_SPECIAL_MASK = 0x40;
    private static final int OCW3_SPECIAL_MASK = 0x20;
    private static final int OCW3_POLL = 0x04;
    private static final int OCW3_SELECT = 0x02;
    private static final int OCW3_ISR = 0x01;
    private static final int NONE =
            8; // distance from the highest priority when nothing is requested
    private static final int SPURIOUS = 7;

    private final int cascade; // inputs that carry another 8259
    private final int elcrWritable;

    private int lines;
    private int edges; // latched rising edges
    private int isr;
    private int imr;
    private int elcr;
    private int base;
    private int highest; // input of highest priority
    private int expectedIcw; // 0 when initialized
    private int icw1;
    private int icw4;
    private boolean readIsr;
    private boolean poll;
    private boolean specialMask;
    private boolean rotateOnAutoEoi;

    Pic8259(int cascade, int elcrWritable) {
        this.cascade = cascade;
        this.elcrWritable = elcrWritable;
    }

    void set(int input, boolean asserted) {
        int bit = 1 << input;
        if (asserted) {
            edges |= ~lines & bit;
            lines |= bit;
        } else {
            lines &= ~bit; // an edge stays latched: a guest that is slow to answer a timer must not
            // lose its tick
        }
    }

    int irr() {
        int level = (icw1 & ICW1_LEVEL) != 0 ? 0xFF : elcr;
        return (lines & level) | (edges & ~level);
    }

    boolean requesting() {
        return requested() >= 0;
    }

    /** The input that would be acknowledged now, or -1. */
    private int requested() {
        int wanted = distance(irr() & ~imr);
        if (wanted == NONE) {
            return -1;
        }
        int inService = isr;
        if (specialMask) {
            inService &= ~imr;
        }
        int input = (highest + wanted) & 7;
        if ((icw4 & ICW4_FULLY_NESTED) != 0 && (cascade & 1 << input) != 0) {
            inService &= ~(1 << input);
        }
        return wanted < distance(inService) ? input : -1;
    }

    private int distance(int bits) {
        if ((bits & 0xFF) == 0) {
            return NONE;
        }
        int rotated = (bits | bits << 8) >> highest & 0xFF;
        return Integer.numberOfTrailingZeros(rotated);
    }

    /**
     * One INTA cycle: the input taken into service, or -1 for the default IR7 that sets no ISR bit.
     */
    int acknowledge() {
        int input = requested();
        if (input < 0) {
            return -1;
        }
        edges &= ~(1 << input);
        if ((icw4 & ICW4_AUTO_EOI) == 0) {
            isr |= 1 << input;
        } else if (rotateOnAutoEoi) {
            highest = (input + 1) & 7;
        }
        return input;
    }

    /** The vector of an input; -1 is the default IR7. */
    int vector(int input) {
        return base | (input < 0 ? SPURIOUS : input);
    }

    int read(int offset) {
        if (poll) {
            poll = false;
            int input = acknowledge();
            return input < 0 ? 0 : 0x80 | input;
        }
        return switch (offset) {
            case 0 -> readIsr ? isr : irr();
            case 1 -> imr;
            default -> ByteDevice.NOTHING;
        };
    }

    void write(int offset, int value) {
        if (offset == 1) {
            writeData(value);
        } else if (offset == 0 && (value & ICW1) != 0) {
            initialize(value);
        } else if (offset == 0 && (value & OCW3) != 0) {
            operationCommand3(value);
        } else if (offset == 0) {
            operationCommand2(value);
        }
    }

    private void initialize(int value) {
        icw1 = value;
        icw4 = 0;
        edges = 0;
        isr = 0;
        imr = 0;
        highest = 0;
        readIsr = false;
        poll = false;
        specialMask = false;
        rotateOnAutoEoi = false;
        expectedIcw = 2;
    }

    private void writeData(int value) {
        switch (expectedIcw) {
            case 2 -> {
                base = value & 0xF8;
                expectedIcw = (icw1 & ICW1_SINGLE) == 0 ? 3 : afterIcw3();
            }
            case 3 -> expectedIcw = afterIcw3(); // the cascade is wired, not programmed
            case 4 -> {
                icw4 = value;
                expectedIcw = 0;
            }
            default -> imr = value;
        }
    }

    private int afterIcw3() {
        return (icw1 & ICW1_NEEDS_ICW4) != 0 ? 4 : 0;
    }

    private void operationCommand2(int value) {
        int named = value & 7;
        boolean specific = (value & 0x40) != 0;
        boolean rotate = (value & 0x80) != 0;
        boolean endOfInterrupt = (value & 0x20) != 0;
        if (!endOfInterrupt) {
            if (specific && rotate) {
                highest = (named + 1) & 7;
            } else if (!specific) {
                rotateOnAutoEoi = rotate;
            }
            return;
        }
        int input = specific ? named : inServiceForEoi();
        if (input >= 0) {
            isr &= ~(1 << input);
            if (rotate) {
                highest = (input + 1) & 7;
            }
        }
    }

    /** What a non-specific EOI ends: in special mask mode, masked inputs are passed over. */
    private int inServiceForEoi() {
        int distance = distance(specialMask ? isr & ~imr : isr);
        return distance == NONE ? -1 : (highest + distance) & 7;
    }

    private void operationCommand3(int value) {
        if ((value & OCW3_SET_SPECIAL_MASK) != 0) {
            specialMask = (value & OCW3_SPECIAL_MASK) != 0;
        }
        poll = (value & OCW3_POLL) != 0;
        if ((value & OCW3_SELECT) != 0) {
            readIsr = (value & OCW3_ISR) != 0;
        }
    }

    int elcr() {
        return elcr;
    }

    void setElcr(int value) {
        elcr = value & elcrWritable;
    }

    Pic8259State save() {
        return new Pic8259State(
                lines,
                edges,
                isr,
                imr,
                elcr,
                base,
                highest,
                expectedIcw,
                icw1,
                icw4,
                readIsr,
                poll,
                specialMask,
                rotateOnAutoEoi);
    }

    void restore(Pic8259State state) {
        lines = state.lines();
        edges = state.edges();
        isr = state.isr();
        imr = state.imr();
        elcr = state.elcr();
        base = state.base();
        highest = state.highest();
        expectedIcw = state.expectedIcw();
        icw1 = state.icw1();
        icw4 = state.icw4();
        readIsr = state.readIsr();
        poll = state.poll();
        specialMask = state.specialMask();
        rotateOnAutoEoi = state.rotateOnAutoEoi();
    }
}
