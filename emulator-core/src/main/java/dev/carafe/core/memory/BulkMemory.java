package dev.carafe.core.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Copies and fills of RAM for string instructions: the bytes an element-wise loop would leave, in fewer steps. */
final class BulkMemory {
    private BulkMemory() {}

    /** See {@link Mmu#copyWithinPage}; by RAM offsets. */
    static int copy(MemorySegment ram, long to, long from, int length, int element) {
        int safe = length;
        long distance = to - from;
        if (distance > 0 && distance < length) {
            // Elements behind the distance are copies of those just written.
            safe = (int) distance / element * element;
        }
        if (safe != 0) {
            VarHandle.releaseFence();
            MemorySegment.copy(ram, from, ram, to, safe);
            VarHandle.acquireFence();
        }
        return safe;
    }

    /** See {@link Mmu#fillWithinPage}; by RAM offset. */
    static void fill(MemorySegment ram, long to, int length, int element, long value) {
        VarHandle.releaseFence();
        if (uniform(element, value)) {
            ram.asSlice(to, length).fill((byte) value);
            return;
        }
        for (int at = 0; at < length; at += element) {
            switch (element) {
                case 2 -> ram.set(Ram.SHORT, to + at, (short) value);
                case 4 -> ram.set(Ram.INT, to + at, (int) value);
                default -> ram.set(Ram.LONG, to + at, value);
            }
        }
    }

    private static boolean uniform(int element, long value) {
        long repeated = (value & 0xFF) * 0x0101_0101_0101_0101L;
        return (value ^ repeated) << (Long.SIZE - 8 * element) == 0;
    }
}
