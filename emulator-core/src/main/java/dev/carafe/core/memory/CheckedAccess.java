package dev.carafe.core.memory;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.PhysicalMap.Region;

/**
 * Everything about an access that is not a plain TLB hit: canonical check, page crossing, page
 * walk, devices, pages with code, watched pages. Touched by its vCPU's thread only.
 */
final class CheckedAccess {
    private static final int PRIVILEGES = 3;
    private static final long LINEAR_32 = 0xFFFF_FFFFL;

    private final PhysicalBus bus;
    private final Ram ram;
    private final PageStates states;
    private final ExclusiveAccess exclusive;
    private final PageWalker walker;
    private final Tlb[] tlbs = new Tlb[PRIVILEGES]; // made at first use

    private boolean longMode;
    private int unusedBits; // of a linear address in long mode
    private long localPage = -1;
    private BusDevice localDevice;
    private AccessWatcher watcher;
    private long splitLocks;
    private long walks;

    CheckedAccess(PhysicalBus bus, ExclusiveAccess exclusive, int physicalBits) {
        this.bus = bus;
        this.exclusive = exclusive;
        ram = bus.ram();
        states = bus.pageStates();
        walker = new PageWalker(bus, physicalBits);
    }

    Tlb tlb(int privilege) {
        Tlb tlb = tlbs[privilege];
        if (tlb == null) {
            tlb = new Tlb();
            tlbs[privilege] = tlb;
        }
        return tlb;
    }

    long load(int privilege, long address, int size) {
        Tlb tlb = tlb(privilege);
        long linear = require(tlb, privilege, address, size, Tlb.READ);
        watch(linear, size, false);
        if (!crosses(linear, size)) {
            return loadWithin(tlb, linear, size);
        }
        long value = 0;
        for (int done = 0; done < size; ) {
            long at = wrap(linear + done);
            int piece = piece(at, size - done);
            value |= loadWithin(tlb, at, piece) << 8 * done;
            done += piece;
        }
        return value;
    }

    void store(int privilege, long address, int size, long value) {
        Tlb tlb = tlb(privilege);
        long linear = require(tlb, privilege, address, size, Tlb.WRITE);
        watch(linear, size, true);
        if (!crosses(linear, size)) {
            storeWithin(tlb, linear, size, value);
            return;
        }
        for (int done = 0; done < size; ) {
            long at = wrap(linear + done);
            int piece = piece(at, size - done);
            storeWithin(tlb, at, piece, value >>> 8 * done);
            done += piece;
        }
    }

    void check(int privilege, long address, int size, int access) {
        require(tlb(privilege), privilege, address, size, access);
    }

    /** The RAM offset when the operand may be reached by it, −1 otherwise; faults as a store. */
    long writeOffset(int privilege, long address, int size) {
        Tlb tlb = tlb(privilege);
        long linear = require(tlb, privilege, address, size, Tlb.WRITE);
        if (crosses(linear, size)) {
            return -1;
        }
        quicken(tlb, linear);
        return tlb.plain(linear, Tlb.WRITE) ? tlb.offset(linear) : -1;
    }

    /**
     * The RAM offset when bytes up to the end of the page may be loaded by it, −1 otherwise; faults
     * as a load.
     */
    long readOffset(int privilege, long address, int size) {
        Tlb tlb = tlb(privilege);
        long linear = require(tlb, privilege, address, size, Tlb.READ);
        return !crosses(linear, size) && tlb.plain(linear, Tlb.READ) ? tlb.offset(linear) : -1;
    }

    /**
     * What is left of {@link Mmu#lockBegin} after {@link #writeOffset} did the fault checks. A page
     * with code can be changed by compare-and-swap too, since that is followed by {@link
     * #storedAtomically}.
     */
    long lock(int privilege, long address, int size) {
        Tlb tlb = tlb(privilege);
        long linear = wrap(address);
        if (!crosses(linear, size) && (tlb.frame(linear) & Tlb.WRITABLE) != 0) {
            long offset = tlb.offset(linear);
            if ((offset & 7) + size <= 8) {
                watch(linear, size, true);
                return offset;
            }
        }
        return stopOthers(privilege, linear, size);
    }

    /**
     * Returns −1 when no other vCPU runs any more and the operand can be loaded and stored without
     * a fault.
     */
    long stopOthers(int privilege, long address, int size) {
        exclusive.enter();
        try {
            check(
                    privilege, address, size,
                    Tlb.WRITE); // once more: while this vCPU waited, another one may have
            // unmapped it
        } catch (CpuFault fault) {
            exclusive.exit();
            throw fault;
        }
        splitLocks++;
        return -1;
    }

    void storedAtomically(long offset, int size) {
        long physical = bus.physical(offset);
        if (states.isCode(physical >>> Tlb.PAGE_SHIFT)) {
            bus.stored(physical, size);
        }
    }

    void exitExclusive() {
        exclusive.exit();
    }

    long fetch(int privilege, long address) {
        Tlb tlb = tlb(privilege);
        long linear = require(tlb, privilege, address, 1, Tlb.EXECUTE);
        return tlb.frame(linear) & Tlb.PAGE_MASK | linear & ~Tlb.PAGE_MASK;
    }

    long peek(long address) {
        if (!isCanonical(address) || !walker.peek(wrap(address))) {
            return -1;
        }
        return walker.frame | address & ~Tlb.PAGE_MASK;
    }

    void configure(PagingContext context) {
        walker.configure(context);
        longMode = context.longMode();
        unusedBits = Long.SIZE - context.linearBits();
    }

    void setRoot(long cr3) {
        walker.setRoot(cr3);
    }

    void setLocalRegisters(long physicalPage, BusDevice device) {
        localPage = physicalPage;
        localDevice = device;
    }

    void setWatcher(AccessWatcher watcher) {
        this.watcher = watcher;
    }

    void flush() {
        walker.forgetTable();
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.flush();
            }
        }
    }

    void flushNonGlobal() {
        walker.forgetTable();
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.flushNonGlobal();
            }
        }
    }

    /** Returns whether more than one page may have been invalidated. */
    boolean invalidate(long address) {
        boolean large = false;
        walker.forgetTable();
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                large |= tlb.invalidate(wrap(address));
            }
        }
        return large;
    }

    void slowWrites(long physicalPage) {
        for (Tlb tlb : tlbs) {
            if (tlb != null) {
                tlb.slowWrites(physicalPage);
            }
        }
    }

    long splitLocks() {
        return splitLocks;
    }

    long walks() {
        return walks;
    }

    /**
     * Brings every page of the operand into the TLB with the right to access it, or faults; returns
     * the wrapped address.
     */
    private long require(Tlb tlb, int privilege, long address, int size, int access) {
        if (longMode && !(isCanonical(address) && isCanonical(address + size - 1))) {
            throw CpuFault.nonCanonical();
        }
        long linear = wrap(address);
        long within = linear & ~Tlb.PAGE_MASK;
        for (long done = 0; done < within + size; done += Tlb.PAGE_SIZE) {
            // The address that CR2 would show: the first byte accessed in this page.
            long at = done == 0 ? linear : wrap(linear - within + done);
            if (!tlb.allows(at, access)) {
                fill(tlb, privilege, at, access);
            }
        }
        return linear;
    }

    private void fill(Tlb tlb, int privilege, long linear, int access) {
        walks++;
        walker.walk(linear, access, privilege);
        long page = linear & Tlb.PAGE_MASK;
        long frame = walker.frame;
        Region region = frame == localPage ? null : bus.map().find(frame);
        boolean memory = region != null && region.memory();
        boolean writable = memory && region.writable();
        long flags =
                (memory ? Tlb.MEMORY : 0)
                        | (writable ? Tlb.WRITABLE : 0)
                        | (walker.global ? Tlb.GLOBAL : 0)
                        | (walker.large ? Tlb.LARGE : 0);
        tlb.set(page, frame | flags, memory ? region.offsetOf(frame) : 0);
        boolean slow = !memory || watched(page);
        if (walker.permits(Tlb.READ, privilege)) {
            tlb.setTag(page, Tlb.READ, slow);
        }
        if (walker.permits(Tlb.EXECUTE, privilege)) {
            tlb.setTag(page, Tlb.EXECUTE, false);
        }
        // Pages that are only read stay free for code.
        long number = frame >>> Tlb.PAGE_SHIFT;
        if (access == Tlb.WRITE) {
            tlb.setTag(page, Tlb.WRITE, slow || !writable || !states.allowWriting(number));
        } else if (walker.dirty()
                && writable
                && !slow
                && states.isWritable(number)
                && walker.permits(Tlb.WRITE, privilege)) {
            tlb.setTag(page, Tlb.WRITE, false); // a store would find nothing left to do
        }
    }

    private long loadWithin(Tlb tlb, long linear, int size) {
        long frame = tlb.frame(linear);
        if ((frame & Tlb.MEMORY) != 0) {
            return ram.load(tlb.offset(linear), size);
        }
        int inPage = (int) (linear & ~Tlb.PAGE_MASK);
        long page = frame & Tlb.PAGE_MASK;
        if (page == localPage) {
            return localDevice.read(inPage, size) & -1L >>> (64 - 8 * size);
        }
        return bus.read(page | inPage, size);
    }

    private void storeWithin(Tlb tlb, long linear, int size, long value) {
        long frame = tlb.frame(linear);
        int inPage = (int) (linear & ~Tlb.PAGE_MASK);
        long page = frame & Tlb.PAGE_MASK;
        if ((frame & Tlb.WRITABLE) != 0) {
            ram.store(tlb.offset(linear), size, value);
            bus.stored(page | inPage, size);
            quicken(tlb, linear);
        } else if (page == localPage) {
            localDevice.write(inPage, size, value & -1L >>> (64 - 8 * size));
        } else if ((frame & Tlb.MEMORY) == 0) {
            bus.write(page | inPage, size, value);
        }
    }

    /** Lets stores take the hit path again once the code of the page is gone. */
    private void quicken(Tlb tlb, long linear) {
        long frame = tlb.frame(linear);
        if (!tlb.plain(linear, Tlb.WRITE)
                && (frame & Tlb.WRITABLE) != 0
                && !watched(linear & Tlb.PAGE_MASK)
                && states.allowWriting(frame >>> Tlb.PAGE_SHIFT)) {
            tlb.setTag(linear, Tlb.WRITE, false);
        }
    }

    private boolean watched(long page) {
        return watcher != null && watcher.watches(page);
    }

    private void watch(long linear, int size, boolean write) {
        if (watcher != null
                && (watcher.watches(linear & Tlb.PAGE_MASK)
                        || watcher.watches(wrap(linear + size - 1) & Tlb.PAGE_MASK))) {
            watcher.accessing(linear, size, write);
        }
    }

    private boolean isCanonical(long linear) {
        return !longMode || linear << unusedBits >> unusedBits == linear;
    }

    private long wrap(long linear) {
        return longMode ? linear : linear & LINEAR_32;
    }

    private static boolean crosses(long linear, int size) {
        return (linear & ~Tlb.PAGE_MASK) + size > Tlb.PAGE_SIZE;
    }

    /** The largest naturally aligned piece of what is left. */
    private static int piece(long linear, int left) {
        int piece = Integer.highestOneBit(left);
        while ((linear & piece - 1) != 0) {
            piece >>= 1;
        }
        return piece;
    }
}
