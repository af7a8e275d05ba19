package dev.carafe.core.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Copies and fills of RAM for string instructions: the bytes an element-wise loop would leave, in
 * fewer steps.
 */
final class BulkMemory {
    private BulkMemory() {}

    /** See {@link BulkAccess#copyWithinPage}; by RAM offsets. */
    static boolean copy(MemorySegment ram, long to, long from, int length, int element) {
        long distance = to - from;
        if (distance > 0 && distance < element) {
            return false; // each element is read before its own bytes change
        }
        VarHandle.releaseFence();
        if (distance <= 0 || distance >= length) {
            MemorySegment.copy(ram, from, ram, to, length);
        } else {
            repeat(ram, from, distance, length);
        }
        VarHandle.acquireFence();
        return true;
    }

    /**
     * The first {@code period} bytes again and again: elements behind the distance are copies of
     * those just written.
     */
    private static void repeat(MemorySegment ram, long from, long period, int length) {
        long end = from + period + length;
        for (long known = period; from + known < end; ) { // a multiple of the period
            long next = Math.min(known, end - from - known);
            MemorySegment.copy(ram, from, ram, from + known, next);
            known += next;
        }
    }

    /** See {@link BulkAccess#fillWithinPage}; by RAM offset. */
    static void fill(MemorySegment ram, long to, int length, int element, long value) {
        VarHandle.releaseFence();
        if (uniform(element, value)) {
            ram.asSlice(to, length).fill((byte) value);
            return;
        }
        switch (element) {
            case 2 -> ram.set(Ram.SHORT, to, (short) value);
            case 4 -> ram.set(Ram.INT, to, (int) value);
            default -> ram.set(Ram.LONG, to, value);
        }
        repeat(ram, to, element, length - element);
    }

    private static boolean uniform(int element, long value) {
        long repeated = (value & 0xFF) * 0x0101_0101_0101_0101L;
        return (value ^ repeated) << (Long.SIZE - 8 * element) == 0;
    }
}
