package dev.carafe.core.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PhysicalBusTest {
    private static final long RAM = 8L << 20;
    private static final long LOW = 4L << 20;

    private final PhysicalBus bus = new PhysicalBus(RAM, LOW);

    @AfterEach
    void release() {
        bus.close();
    }

    @Test
    void ramIsSplitAtItsLowLimit() {
        bus.write(LOW - 8, 8, 1);
        bus.write(PhysicalBus.HIGH_RAM, 8, 2);
        bus.write(PhysicalBus.HIGH_RAM + LOW - 8, 8, 3);

        assertEquals(1, bus.read(LOW - 8, 8));
        assertEquals(2, bus.read(PhysicalBus.HIGH_RAM, 8));
        assertEquals(3, bus.read(PhysicalBus.HIGH_RAM + LOW - 8, 8));
        assertTrue(bus.isRam(PhysicalBus.HIGH_RAM));
        assertFalse(bus.isRam(LOW));
        assertFalse(bus.isRam(PhysicalBus.HIGH_RAM + LOW));
    }

    @Test
    void moreThanTwoGibibytesOfRamCostNothingUntilTouched() {
        try (PhysicalBus large = new PhysicalBus(6L << 30, 3L << 30)) {
            large.write(PhysicalBus.HIGH_RAM + (3L << 30) - 8, 8, 42);

            assertEquals(42, large.read(PhysicalBus.HIGH_RAM + (3L << 30) - 8, 8));
            assertEquals(0, large.read((3L << 30) - 8, 8));
        }
    }

    @Test
    void whereNothingAnswersOnesAreReadAndStoresAreLost() {
        bus.write(LOW, 4, 0);

        assertEquals(0xFF, bus.read(LOW, 1));
        assertEquals(0xFFFF_FFFFL, bus.read(LOW, 4));
        assertEquals(-1, bus.read(0xF_FFFF_FFFF_FFF8L, 8));
    }

    @Test
    void accessesAcrossTheEndOfRamAreSplit() {
        bus.write(LOW - 2, 4, 0x44332211);

        assertEquals(0xFFFF2211L, bus.read(LOW - 2, 4));
    }

    @Test
    void devicesAnswerInTheirRangeOnlyAndCanMove() {
        AddressRange first = new AddressRange(0xFED0_0000L, 0x400);
        BusDevice device = constant(0x1234);
        bus.attach(first, device);
        assertEquals(0x1234, bus.read(0xFED0_03FCL, 4));
        assertEquals(0xFFFF_FFFFL, bus.read(0xFED0_0400L, 4));

        bus.detach(first);
        bus.attach(new AddressRange(0xFEB0_0000L, 0x400), device);
        assertEquals(0xFFFF_FFFFL, bus.read(0xFED0_0000L, 4));
        assertEquals(0x1234, bus.read(0xFEB0_0000L, 4));
    }

    @Test
    void valuesAreCutToTheSizeOfTheAccess() {
        bus.attach(new AddressRange(0xFED0_0000L, 0x400), constant(-1));

        assertEquals(0xFF, bus.read(0xFED0_0000L, 1));
        assertEquals(0xFFFF, bus.read(0xFED0_0000L, 2));
    }

    @Test
    void takenAddressesAreRefusedWithBothRangesNamed() {
        bus.attach(new AddressRange(0xFED0_0000L, 0x400), constant(0));
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        bus.attach(
                                                new AddressRange(0xFED0_0300L, 0x1000),
                                                constant(0)))
                        .getMessage();

        assertEquals(
                "physical addresses 0xfed00300-0xfed012ff are taken: 0xfed00000-0xfed003ff lies there",
                message);
        assertThrows(
                IllegalArgumentException.class,
                () -> bus.attach(new AddressRange(0x1000, 0x1000), constant(0)));
    }

    @Test
    void holesInRamMakeRoomForDevices() {
        bus.write(0xA_0000, 8, 7);
        bus.write(0xC_0000, 8, 8);
        bus.makeHole(new AddressRange(0xA_0000, 0x2_0000));
        assertEquals(-1, bus.read(0xA_0000, 8));

        bus.attach(new AddressRange(0xA_0000, 0x2_0000), constant(5));
        assertEquals(5, bus.read(0xA_0000, 8));
        assertEquals(8, bus.read(0xC_0000, 8));
        assertEquals(0, bus.read(0x9_FFF8, 8));
    }

    @Test
    void romReadsItsImageAndKeepsIt() {
        bus.mapRom(0xFFFF_F000L, new byte[] {0x55, (byte) 0xAA});
        bus.write(0xFFFF_F000L, 2, 0);
        bus.write(0xFFFF_F000L, new byte[] {0, 0});

        assertEquals(0xAA55, bus.read(0xFFFF_F000L, 2));
        assertFalse(bus.isRam(0xFFFF_F000L));
    }

    @Test
    void byteRangesCoverRamAndNothingInOneCopy() {
        bus.write(LOW - 2, new byte[] {1, 2, 3, 4});
        byte[] read = new byte[4];
        bus.read(LOW - 2, read);

        assertArrayEquals(new byte[] {1, 2, -1, -1}, read);
    }

    @Test
    void memoryCannotBeReachedAfterItWasReleased() {
        PhysicalBus released = new PhysicalBus(RAM, LOW);
        released.close();

        assertThrows(IllegalStateException.class, () -> released.read(0, 8));
    }

    @Test
    void oddSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PhysicalBus(1000, LOW));
        assertThrows(IllegalArgumentException.class, () -> new PhysicalBus(RAM, 0));
        assertThrows(
                IllegalArgumentException.class, () -> bus.makeHole(new AddressRange(0x10, 0x10)));
    }

    private static BusDevice constant(long value) {
        return new BusDevice() {
            @Override
            public long read(int offset, int size) {
                return value;
            }

            @Override
            public void write(int offset, int size, long ignored) {}
        };
    }
}
