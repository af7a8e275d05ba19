package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accesses that cross pages or leave RAM, and the ones that code and watchpoints must see. */
class MmuAccessTest {
    private static final long DEVICE = 0xFEC0_0000L;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void release() {
        machine.close();
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {1, 2, 4, 8})
    void storesChangeExactlyTheirBytesAndLoadsZeroExtend(int size) {
        machine.map(0x5000, P | W | 0x10_0000);
        for (int turn = 0;
                turn < 2;
                turn++) { // the first time through the checked path, then through the TLB
            mmu.store64(0x5010, 0);
            mmu.store(0x5013, size, -1);

            assertEquals(-1L >>> (64 - 8 * size), mmu.load(0x5013, size));
            assertEquals(0, mmu.load8(0x5012));
            assertEquals(0, mmu.load8(0x5013 + size));
            mmu.store64(0x5018, 0);
        }
    }

    @Test
    void operandsAcrossTwoPagesGoToTwoFrames() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | 0x20_0000);
        mmu.store64(0x5FFD, 0x8877665544332211L);

        assertEquals(0x8877665544332211L, mmu.load64(0x5FFD));
        assertEquals(0x332211, machine.bus.read(0x10_0FFC, 4) >>> 8);
        assertEquals(0x55_44, machine.bus.read(0x20_0000, 2));
        assertEquals(0x88, machine.bus.read(0x20_0004, 1));
        assertEquals(0x4433, mmu.load16(0x5FFF));
        assertEquals(0x55443322L, mmu.load32(0x5FFE));
    }

    @Test
    void aFaultInTheSecondPageLeavesTheFirstUnchanged() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.assertPageFault(WRITE, 0x6000, () -> mmu.store64(0x5FFC, -1));
        machine.assertPageFault(WRITE, 0x6000, () -> mmu.checkWrite(0x5000, 8192));
        machine.assertPageFault(0, 0x6000, () -> mmu.checkRead(0x5FFF, 2));

        assertEquals(0, mmu.load32(0x5FFC));
    }

    @Test
    void withoutPagingOperandsWrapAroundFourGiB() {
        mmu.configure(PagingContext.off(TestMachine.PHYSICAL_BITS), true);
        mmu.store8(0, 0xAB);

        assertEquals(
                0xABFF,
                mmu.load16(0xFFFF_FFFFL),
                "the last byte of 4 GiB, where nothing answers, then byte 0");
    }

    @Test
    void ramContinuesAboveFourGiB() {
        try (TestMachine split = new TestMachine(8L << 20, 4L << 20)) {
            split.fourLevel().map(0x5000, P | W | PhysicalBus.HIGH_RAM + 0x3000);
            split.mmu.store64(0x5008, 0x1234);

            assertEquals(0x1234, split.bus.read(PhysicalBus.HIGH_RAM + 0x3008, 8));
            assertEquals(PhysicalBus.HIGH_RAM + 0x3008, split.mmu.translateExecute(0x5008));
            assertEquals(0xFF, split.bus.read(4L << 20, 1), "nothing between low and high RAM");
        }
    }

    @Test
    void devicesSeeOffsetsAndEveryAccess() {
        machine.bus.attach(new AddressRange(DEVICE, 0x20), recorder(0x11223344));
        machine.map(0x5000, P | W | DEVICE);

        assertEquals(0x11223344, mmu.load32(0x5010));
        assertEquals(0x11223344, mmu.load32(0x5010));
        mmu.store32(0x5000, 0xFFFF_FFFFL);
        assertEquals(0xFFFF_FFFFL, mmu.load32(0x5020), "behind the device nothing answers");
        assertEquals(List.of("read 4 at 16", "read 4 at 16", "write 4 at 0: ffffffff"), heard);
    }

    @Test
    void devicesGetAccessesThatAreNotAlignedInAlignedPieces() {
        machine.bus.attach(new AddressRange(DEVICE, 0x20), recorder(0));
        machine.map(0x5000, P | W | DEVICE);
        mmu.store32(0x5003, 0x44332211L);

        assertEquals(List.of("write 1 at 3: 11", "write 2 at 4: 3322", "write 1 at 6: 44"), heard);
    }

    @Test
    void operandsCrossFromRamIntoADevice() {
        machine.bus.attach(new AddressRange(DEVICE, 0x1000), recorder(0xAABB));
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | DEVICE);
        mmu.store32(0x5FFE, 0x44332211L);

        assertEquals(0x2211, machine.bus.read(0x10_0FFE, 2));
        assertEquals(0xAABB2211L, mmu.load32(0x5FFE));
        assertEquals(List.of("write 2 at 0: 4433", "read 2 at 0"), heard);
    }

    @Test
    void theLocalApicLiesOverTheMapOfItsOwnVcpuOnly() {
        machine.bus.attach(new AddressRange(0xFEE0_0000L, 0x1000), recorder(1));
        machine.map(0x5000, P | W | 0xFEE0_0000L);
        mmu.setLocalRegisters(0xFEE0_0000L, recorder(2));
        Mmu other = machine.newMmu(new TestMachine.StopTheOthers());

        assertEquals(2, mmu.load32(0x5020));
        assertEquals(1, other.load32(0xFEE0_0020L));
        mmu.setLocalRegisters(-1, null);
        assertEquals(1, mmu.load32(0x5020));
    }

    @Test
    void theLocalApicCanLieOverRam() {
        machine.map(0x5000, P | W | 0x10_0000);
        mmu.store32(0x5020, 5);
        mmu.setLocalRegisters(0x10_0000, recorder(2));

        assertEquals(2, mmu.load32(0x5020));
        assertEquals(-1, mmu.writeOffset(0x5020, 4));
    }

    @Test
    void storesToRomAreLost() {
        machine.bus.mapRom(0xF_0000, new byte[] {1, 2, 3, 4});
        machine.map(0x5000, P | W | 0xF_0000);
        mmu.store32(0x5000, -1);
        mmu.store32(0x5000, -1);

        assertEquals(0x04030201, mmu.load32(0x5000));
        assertEquals(-1, mmu.writeOffset(0x5000, 4));
        assertEquals(0xF_0000, mmu.translateExecute(0x5000));
    }

    @Test
    void readModifyWriteGoesByOffsetInPlainRamOnly() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | DEVICE);
        long offset = mmu.writeOffset(0x5008, 8);
        mmu.storeAt(offset, 8, mmu.loadAt(offset, 8) + 5);

        assertEquals(5, mmu.load64(0x5008));
        assertEquals(-1, mmu.writeOffset(0x5FFC, 8), "crosses");
        assertEquals(-1, mmu.writeOffset(0x6000, 8), "no RAM");
    }

    @Test
    void aStoreToAPageWithCodeIsReportedAfterItsBytesAreThere() {
        machine.map(0x5000, P | W | 0x10_0000);
        mmu.store8(0x5000, 1);
        machine.bus.setCodeWatcher(
                (physical, length) ->
                        heard.add(
                                "%x+%d: %x"
                                        .formatted(
                                                physical,
                                                length,
                                                machine.bus.read(physical, length))));

        assertTrue(machine.bus.pageStates().markCode(0x100), "a vCPU holds a write tag");
        mmu.dropWriteTags(0x100);
        machine.bus.pageStates().clearWritable(0x100);
        mmu.store32(0x5010, 0x1234);
        assertEquals(-1, mmu.writeOffset(0x5010, 4));
        assertEquals(List.of("100010+4: 1234"), heard);

        machine.bus.write(0x10_0FFE, new byte[] {1, 2, 3, 4});
        machine.bus.write(0x10_0020, 2, 0x77);
        assertEquals(List.of("100010+4: 1234", "100ffe+2: 201", "100020+2: 77"), heard);
    }

    @Test
    void aPageThatWasOnlyReadNeedsNoRendezvous() {
        machine.map(0x5000, P | W | 0x10_0000);
        mmu.load8(0x5000);
        mmu.translateExecute(0x5000);

        assertEquals(false, machine.bus.pageStates().markCode(0x100));
    }

    @Test
    void storesAreFastAgainOnceTheCodeIsGone() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.bus.setCodeWatcher(
                (physical, length) -> {
                    heard.add("dropped");
                    machine.bus.pageStates().clearCode(physical >>> 12);
                });
        machine.bus.pageStates().markCode(0x100);
        mmu.store8(0x5000, 1);
        mmu.store8(0x5000, 2);

        assertEquals(List.of("dropped"), heard);
        assertTrue(mmu.writeOffset(0x5000, 1) >= 0);
        assertTrue(machine.bus.pageStates().markCode(0x100), "and the next decoder must ask again");
    }

    @Test
    void aStoreAcrossIntoAPageWithCodeReportsThatPart() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | 0x10_1000);
        machine.bus.setCodeWatcher(
                (physical, length) -> heard.add("%x+%d".formatted(physical, length)));
        machine.bus.pageStates().markCode(0x101);
        mmu.store32(0x5FFE, -1);

        assertEquals(List.of("101000+2"), heard);
    }

    @Test
    void watchersSeeTheAccessesToTheirPagesAndNoOthers() {
        machine.map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | 0x10_1000);
        mmu.setWatcher(
                new AccessWatcher() {
                    @Override
                    public boolean watches(long linearPage) {
                        return linearPage == 0x6000;
                    }

                    @Override
                    public void accessing(long linear, int size, boolean read, boolean write) {
                        heard.add("%s %d at %x".formatted(write ? "write" : "read", size, linear));
                    }
                });
        mmu.load8(0x5000);
        mmu.load8(0x6000);
        mmu.store64(0x5FFC, 0);
        mmu.load8(0x6001);
        assertEquals(List.of("read 1 at 6000", "write 8 at 5ffc", "read 1 at 6001"), heard);

        mmu.setWatcher(null);
        mmu.load8(0x6000);
        assertEquals(3, heard.size());
    }

    private BusDevice recorder(long answer) {
        return new BusDevice() {
            @Override
            public long read(int offset, int size) {
                heard.add("read %d at %d".formatted(size, offset));
                return answer;
            }

            @Override
            public void write(int offset, int size, long value) {
                heard.add("write %d at %d: %x".formatted(size, offset, value));
            }
        };
    }
}
