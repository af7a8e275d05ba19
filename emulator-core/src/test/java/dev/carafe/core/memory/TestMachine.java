package dev.carafe.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.function.Executable;

/** A bus with a little RAM, one MMU, and hands to write page tables with. */
final class TestMachine implements AutoCloseable {
    static final int PHYSICAL_BITS = 40;
    static final long RAM_SIZE = 8L << 20;

    /** Bits of a paging-structure entry. */
    static final long P = 1;

    static final long W = 2;
    static final long U = 4;
    static final long A = 0x20;
    static final long D = 0x40;
    static final long PS = 0x80;
    static final long G = 0x100;
    static final long NX = 1L << 63;

    /** Bits of a page-fault error code. */
    static final int PRESENT = 1;

    static final int WRITE = 2;
    static final int USER = 4;
    static final int RESERVED = 8;
    static final int FETCH = 16;

    /** The tables of the four-level helper, one page each. */
    static final long PML4 = 0x1000;

    static final long PDPT = 0x2000;
    static final long PD = 0x3000;
    static final long PT = 0x4000;

    final PhysicalBus bus;
    final Mmu mmu;

    TestMachine() {
        this(RAM_SIZE, 1L << 31);
    }

    TestMachine(long ramSize, long lowLimit) {
        bus = new PhysicalBus(ramSize, lowLimit);
        mmu = newMmu(new StopTheOthers());
    }

    Mmu newMmu(ExclusiveAccess exclusive) {
        return new Mmu(bus, exclusive, PHYSICAL_BITS);
    }

    /**
     * Four-level paging where the linear addresses 0 to 1FFFFFh go through a page table; the rest
     * is not present.
     */
    TestMachine fourLevel() {
        put(PML4, P | W | U | PDPT);
        put(PDPT, P | W | U | PD);
        put(PD, P | W | U | PT);
        mmu.setRoot(PML4);
        mmu.configure(new Mode().longMode().context(), true);
        return this;
    }

    /** Maps a linear page below 2 MiB. */
    void map(long linear, long entry) {
        put(PT + (linear >>> 12) * 8, entry);
    }

    long entryOf(long linear) {
        return bus.read(PT + (linear >>> 12) * 8, 8);
    }

    void put(long physical, long value) {
        bus.write(physical, 8, value);
    }

    void put32(long physical, long value) {
        bus.write(physical, 4, value);
    }

    void user() {
        mmu.setContext(true, false, false);
    }

    void assertPageFault(int errorCode, long address, Executable access) {
        CpuFault fault = assertThrows(CpuFault.class, access);
        assertEquals(ExceptionVector.PAGE_FAULT, fault.vector(), fault::getMessage);
        assertEquals(errorCode, fault.errorCode(), "error code");
        assertEquals(address, fault.address(), "CR2");
    }

    static void assertGeneralProtection(Executable access) {
        CpuFault fault = assertThrows(CpuFault.class, access);
        assertEquals(ExceptionVector.GENERAL_PROTECTION, fault.vector(), fault::getMessage);
        assertEquals(0, fault.errorCode());
    }

    @Override
    public void close() {
        bus.close();
    }

    /** Builds a paging context; paging with everything else off to begin with. */
    static final class Mode {
        private final Set<PagingControl> controls =
                EnumSet.of(
                        PagingControl.PAGING,
                        PagingControl.WRITE_PROTECT,
                        PagingControl.NO_EXECUTE,
                        PagingControl.PAGE_SIZE_EXTENSIONS,
                        PagingControl.PSE_36,
                        PagingControl.GIBIBYTE_PAGES,
                        PagingControl.GLOBAL_PAGES);
        private int physicalBits = PHYSICAL_BITS;

        Mode longMode() {
            return with(PagingControl.LONG_MODE, PagingControl.PAE);
        }

        Mode fiveLevel() {
            return longMode().with(PagingControl.FIVE_LEVEL);
        }

        Mode pae() {
            return with(PagingControl.PAE);
        }

        Mode smep() {
            return with(PagingControl.SMEP);
        }

        Mode smap() {
            return with(PagingControl.SMAP);
        }

        Mode withoutWriteProtect() {
            return without(PagingControl.WRITE_PROTECT);
        }

        Mode withoutNoExecute() {
            return without(PagingControl.NO_EXECUTE);
        }

        Mode withoutPse() {
            return without(PagingControl.PAGE_SIZE_EXTENSIONS);
        }

        Mode with(PagingControl... more) {
            controls.addAll(List.of(more));
            return this;
        }

        Mode without(PagingControl control) {
            controls.remove(control);
            return this;
        }

        Mode physicalBits(int bits) {
            physicalBits = bits;
            return this;
        }

        PagingContext context() {
            return new PagingContext(controls, physicalBits);
        }
    }

    /**
     * Lets one thread at a time in; for tests with a single vCPU, or whose other vCPUs ask it too.
     */
    static final class StopTheOthers implements ExclusiveAccess {
        final ReentrantLock lock = new ReentrantLock();
        int entered;

        @Override
        public void enter() {
            lock.lock();
            entered++;
        }

        @Override
        public void exit() {
            lock.unlock();
        }
    }
}
