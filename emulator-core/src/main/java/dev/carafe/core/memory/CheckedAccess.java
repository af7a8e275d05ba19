package dev.carafe.core.memory;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.PhysicalMap.Region;
import java.util.List;

/**
 * Everything about an access that is not a plain TLB hit: linear-address masking, canonical and
 * alignment checks, page crossing, page walk, devices, pages with code, watched pages. Touched by
 * its vCPU's thread only. {@code accessor} is one of {@link Accessor}.
 */
final class CheckedAccess {
    private static final int CONTEXT_MASK = 0xFFF;

    private final PhysicalBus bus;
    private final Ram ram;
    private final PageStates states;
    private final ExclusiveAccess exclusive;
    private final PageWalker walker;
    private final AddressSpaces spaces = new AddressSpaces();
    private final LinearAddresses addresses = new LinearAddresses();

    private boolean processContexts;
    private long cr3;
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

    Tlb tlb(int accessor) {
        return spaces.current().tlb(accessor);
    }

    AddressSpaces spaces() {
        return spaces;
    }

    long load(int accessor, long address, int size) {
        Tlb tlb = tlb(accessor);
        long linear = require(tlb, accessor, address, size, Tlb.READ);
        watch(accessor, linear, size, true, false);
        if (!crosses(linear, size)) {
            return loadWithin(tlb, linear, size);
        }
        long value = 0;
        for (int done = 0; done < size; ) {
            long at = addresses.after(accessor, linear, done);
            int piece = piece(at, size - done);
            value |= loadWithin(tlb, at, piece) << 8 * done;
            done += piece;
        }
        return value;
    }

    void store(int accessor, long address, int size, long value) {
        Tlb tlb = tlb(accessor);
        long linear = require(tlb, accessor, address, size, Tlb.WRITE);
        watch(accessor, linear, size, false, true);
        if (!crosses(linear, size)) {
            storeWithin(tlb, accessor, linear, size, value);
            return;
        }
        for (int done = 0; done < size; ) {
            long at = addresses.after(accessor, linear, done);
            int piece = piece(at, size - done);
            storeWithin(tlb, accessor, at, piece, value >>> 8 * done);
            done += piece;
        }
    }

    void check(int accessor, long address, int size, int access) {
        require(tlb(accessor), accessor, address, size, access);
    }

    /**
     * The RAM offset when the operand may be reached by it, −1 otherwise; faults as a store.
     *
     * @param reads whether the operand is also loaded
     */
    long writeOffset(int accessor, long address, int size, boolean reads) {
        Tlb tlb = tlb(accessor);
        long linear = require(tlb, accessor, address, size, Tlb.WRITE);
        watch(accessor, linear, size, reads, true);
        if (crosses(linear, size)) {
            return -1;
        }
        quicken(tlb, linear, accessor);
        return tlb.plain(linear, Tlb.WRITE) ? tlb.offset(linear) : -1;
    }

    /**
     * The RAM offset when bytes up to the end of the page may be loaded by it, −1 otherwise; faults
     * as a load.
     */
    long readOffset(int accessor, long address, int size) {
        Tlb tlb = tlb(accessor);
        long linear = require(tlb, accessor, address, size, Tlb.READ);
        watch(accessor, linear, size, true, false);
        return !crosses(linear, size) && tlb.plain(linear, Tlb.READ) ? tlb.offset(linear) : -1;
    }

    /**
     * What is left of {@link LockedAccess#begin} after {@link #writeOffset} did the fault checks. A
     * page with code can be changed by compare-and-swap too, since that is followed by {@link
     * #storedAtomically}.
     */
    long lock(int accessor, long address, int size) {
        Tlb tlb = tlb(accessor);
        long linear = addresses.effective(accessor, address);
        if (!crosses(linear, size) && (tlb.frame(linear) & Tlb.WRITABLE) != 0) {
            long offset = tlb.offset(linear);
            if ((offset & 7) + size <= 8) {
                watch(accessor, linear, size, true, true);
                return offset;
            }
        }
        return stopOthers(accessor, address, size);
    }

    /**
     * Returns −1 when no other vCPU runs any more and the operand can be loaded and stored without
     * a fault.
     */
    long stopOthers(int accessor, long address, int size) {
        exclusive.enter();
        try {
            check(
                    accessor, address, size,
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

    long fetch(int accessor, long address) {
        Tlb tlb = tlb(accessor);
        long linear = require(tlb, accessor, address, 1, Tlb.EXECUTE);
        return tlb.frame(linear) & Tlb.PAGE_MASK | linear & ~Tlb.PAGE_MASK;
    }

    long peek(long address) {
        if (!addresses.isCanonical(address) || !walker.peek(addresses.cut(address))) {
            return -1;
        }
        return walker.frame | address & ~Tlb.PAGE_MASK;
    }

    List<PageEntry> trace(long address) {
        return addresses.isCanonical(address) ? walker.trace(addresses.cut(address)) : List.of();
    }

    void configure(PagingContext context, boolean loadsPointers) {
        walker.configure(context, loadsPointers);
        addresses.configure(context);
        processContexts = context.has(PagingControl.PROCESS_CONTEXTS);
        spaces.select(contextOf(cr3));
        flush();
    }

    /** MOV to CR3; bit 63 keeps the translations of the new context. */
    void setRoot(long value) {
        boolean keeps = processContexts && value < 0;
        walker.setRoot(value & Long.MAX_VALUE);
        boolean masksOtherwise = addresses.setRoot(value);
        cr3 = value;
        spaces.select(contextOf(value));
        if (masksOtherwise) {
            spaces.flush(); // whether a page is reached by its own address may have changed
        } else if (!keeps) {
            spaces.current().flushNonGlobal();
        }
    }

    private int contextOf(long value) {
        return processContexts ? (int) value & CONTEXT_MASK : 0;
    }

    LinearAddresses addresses() {
        return addresses;
    }

    /** PKRU and IA32_PKRS. */
    void setProtectionKeys(int user, int supervisor) {
        int changed = walker.rights.setKeys(user, supervisor);
        if (changed != 0) {
            spaces.dropKeys(changed);
        }
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
        spaces.flush();
    }

    /** What is not global, of all contexts. */
    void flushNonGlobal() {
        walker.forgetTable();
        spaces.flushNonGlobal();
    }

    /** What is not global, of one context. */
    void flushContext(int context) {
        walker.forgetTable();
        spaces.flushContext(context);
    }

    /** INVLPG. */
    void invalidate(long address) {
        walker.forgetTable();
        spaces.invalidatePage(addresses.cut(address));
    }

    void invalidate(int context, long address) {
        walker.forgetTable();
        spaces.invalidatePage(context, address);
    }

    long splitLocks() {
        return splitLocks;
    }

    long walks() {
        return walks;
    }

    /**
     * Brings every page of the operand into the TLB with the right to access it, or faults; returns
     * the linear address.
     */
    private long require(Tlb tlb, int accessor, long address, int size, int access) {
        long linear = addresses.checked(accessor, address, size, access);
        long within = linear & ~Tlb.PAGE_MASK;
        for (long done = 0; done < within + size; done += Tlb.PAGE_SIZE) {
            // The address that CR2 would show: the first byte accessed in this page.
            long at = done == 0 ? linear : addresses.after(accessor, linear, done - within);
            if (!tlb.allows(at, access)) {
                fill(tlb, accessor, at, access);
            }
        }
        return linear;
    }

    private void fill(Tlb tlb, int accessor, long linear, int access) {
        walks++;
        walker.walk(linear, access, accessor);
        long page = linear & Tlb.PAGE_MASK;
        long frame = walker.frame;
        Region region = frame == localPage ? null : bus.map().find(frame);
        boolean memory = region != null && region.memory();
        boolean writable = memory && region.writable();
        long flags =
                (memory ? Tlb.MEMORY : 0)
                        | (writable ? Tlb.WRITABLE : 0)
                        | (walker.global ? Tlb.GLOBAL : 0)
                        | (walker.large ? Tlb.LARGE : 0)
                        | (long) walker.rights.keyNumber() << Tlb.KEY_SHIFT;
        tlb.set(page, frame | flags, memory ? region.offsetOf(frame) : 0);
        AccessRights rights = walker.rights;
        boolean slow =
                !memory
                        || accessor == Accessor.USER_ALIGNED
                        || watched(page)
                        || addresses.mask(page) != page; // reached by a system access only
        if (rights.permits(Tlb.READ, accessor)) {
            tlb.setTag(page, Tlb.READ, slow);
        }
        if (rights.permits(Tlb.EXECUTE, accessor)) {
            tlb.setTag(page, Tlb.EXECUTE, false);
        }
        // Pages that are only read stay free for code.
        long number = frame >>> Tlb.PAGE_SHIFT;
        if (access == Tlb.WRITE) {
            tlb.setTag(page, Tlb.WRITE, slow || !writable || !states.allowWriting(number));
        } else if (rights.dirty
                && writable
                && !slow
                && states.isWritable(number)
                && rights.permits(Tlb.WRITE, accessor)) {
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

    private void storeWithin(Tlb tlb, int accessor, long linear, int size, long value) {
        long frame = tlb.frame(linear);
        int inPage = (int) (linear & ~Tlb.PAGE_MASK);
        long page = frame & Tlb.PAGE_MASK;
        if ((frame & Tlb.WRITABLE) != 0) {
            ram.store(tlb.offset(linear), size, value);
            bus.stored(page | inPage, size);
            quicken(tlb, linear, accessor);
        } else if (page == localPage) {
            localDevice.write(inPage, size, value & -1L >>> (64 - 8 * size));
        } else if ((frame & Tlb.MEMORY) == 0) {
            bus.write(page | inPage, size, value);
        }
    }

    /** Lets stores take the hit path again once the code of the page is gone. */
    private void quicken(Tlb tlb, long linear, int accessor) {
        long frame = tlb.frame(linear);
        if (!tlb.plain(linear, Tlb.WRITE)
                && accessor != Accessor.USER_ALIGNED
                && (frame & Tlb.WRITABLE) != 0
                && !watched(linear & Tlb.PAGE_MASK)
                && states.allowWriting(frame >>> Tlb.PAGE_SHIFT)) {
            tlb.setTag(linear, Tlb.WRITE, false);
        }
    }

    private boolean watched(long page) {
        return watcher != null && watcher.watches(page);
    }

    private void watch(int accessor, long linear, int size, boolean read, boolean write) {
        if (watcher != null
                && (watcher.watches(linear & Tlb.PAGE_MASK)
                        || watcher.watches(
                                addresses.after(accessor, linear, size - 1) & Tlb.PAGE_MASK))) {
            watcher.accessing(linear, size, read, write);
        }
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
