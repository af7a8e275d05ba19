package dev.carafe.devices.pic;

/** One saved chip of {@link Pic8259Pair.State}, by the data sheet's names. */
public record Pic8259State(
        int lines,
        int edges,
        int isr,
        int imr,
        int elcr,
        int base,
        int highest,
        int expectedIcw,
        int icw1,
        int icw4,
        boolean readIsr,
        boolean poll,
        boolean specialMask,
        boolean rotateOnAutoEoi) {}
