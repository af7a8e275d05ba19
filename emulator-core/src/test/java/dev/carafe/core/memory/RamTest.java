package dev.carafe.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RamTest {
    private static final long SIZE = 3L << 30;

    @ParameterizedTest(name = "as a file: {0}")
    @ValueSource(booleans = {true, false})
    void everyWayOfReservingGivesZerosThatCanBeChanged(boolean file) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment segment =
                    (file
                                    ? Reservation.sparseFile(SIZE, arena)
                                    : Reservation.anonymous(SIZE, arena))
                            .orElseThrow();
            segment.set(ValueLayout.JAVA_LONG, SIZE - 8, 7);

            assertEquals(SIZE, segment.byteSize());
            assertEquals(7, segment.get(ValueLayout.JAVA_LONG, SIZE - 8));
            assertEquals(0, segment.get(ValueLayout.JAVA_LONG, SIZE - 16));
            assertEquals(0, segment.address() % 4096);
        }
    }

    @Test
    void noAccessLeavesIt() {
        try (Ram ram = Ram.reserve(0x10000)) {
            assertThrows(IndexOutOfBoundsException.class, () -> ram.load(0x10000, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> ram.load(0xFFFC, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> ram.store(-1, 1, 0));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> ram.compareAndSet(0x10000, 2, 0, 1));
        }
    }

    @Test
    void whatVcpusAccessIsTheSameMemoryAndNoMoreOfIt() {
        try (Ram ram = Ram.reserve(0x1000)) {
            MemorySegment unscoped = ram.unscoped();
            Ram.store64(unscoped, 0xFF8, 7);

            assertEquals(7, ram.load(0xFF8, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> Ram.load64(unscoped, 0xFF9));
            assertThrows(IndexOutOfBoundsException.class, () -> Ram.store8(unscoped, -1, 0));
        }
    }

    @Test
    void compareAndSetChangesTheOperandAlone() {
        try (Ram ram = Ram.reserve(0x1000)) {
            ram.store(0, 8, 0x8877665544332211L);

            assertTrue(ram.compareAndSet(3, 2, 0x5544, 0xABCD));
            assertFalse(ram.compareAndSet(3, 2, 0x5544, 0));
            assertTrue(ram.compareAndSet(7, 1, 0x88, 0xFF));
            assertEquals(0xFF7766ABCD332211L, ram.load(0, 8));
            assertEquals(0xABCD, ram.loadAtomic(3, 2));
        }
    }
}
