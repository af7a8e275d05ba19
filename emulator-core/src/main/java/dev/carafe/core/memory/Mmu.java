package dev.carafe.core.memory;

import dev.carafe.core.bus.BusDevice;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * One vCPU's view of memory: loads and stores by linear address, translated through a {@link Tlb}.
 * Called by the vCPU's own thread, or by another one while the machine is paused.
 *
 * <p>The methods here are the hit paths and small enough to be inlined into every handler;
 * everything else is in {@link CheckedAccess}. Linear addresses are complete, the segment base
 * added. In long mode one that is not canonical raises #GP(0); outside, addresses wrap at 4 GiB.
 * Every access is checked in whole before it has any effect.
 *
 * <p>Not modelled: alignment checks (#AC), #SS(0) for stack accesses that are not canonical (the
 * caller must ask first), wrapping of compatibility-mode operands that cross 4 GiB, PCIDs,
 * protection keys.
 */
public final class Mmu {
    private final CheckedAccess checked;
    private final Ram memory;
    private final MemorySegment ram; // of memory: one step less on the way to it
    private final long[] supervisorEntries; // of the TLB that system accesses go through
    private final CodeEpoch codeEpoch = new CodeEpoch();
    private Tlb tlb;
    private long[] entries; // of tlb
    private int privilege = -1; // none selected

    /**
     * @param bus the machine's physical memory
     * @param exclusive for locked accesses that the host cannot do in one piece
     * @param physicalBits MAXPHYADDR
     */
    public Mmu(PhysicalBus bus, ExclusiveAccess exclusive, int physicalBits) {
        checked = new CheckedAccess(bus, exclusive, physicalBits);
        memory = bus.ram();
        ram = memory.segment;
        supervisorEntries = checked.tlb(PageWalker.SUPERVISOR).entries;
        select(PageWalker.SUPERVISOR);
    }

    public long load8(long linear) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(privilege, linear, 1);
        }
        byte value = ram.get(Ram.BYTE, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value & 0xFFL;
    }

    public long load16(long linear) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 1 & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(privilege, linear, 2);
        }
        short value = ram.get(Ram.SHORT, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value & 0xFFFFL;
    }

    public long load32(long linear) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 3 & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(privilege, linear, 4);
        }
        int value = ram.get(Ram.INT, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value & 0xFFFF_FFFFL;
    }

    public long load64(long linear) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 7 & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(privilege, linear, 8);
        }
        long value = ram.get(Ram.LONG, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value;
    }

    public void store8(long linear, long value) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            checked.store(privilege, linear, 1, value);
            return;
        }
        VarHandle.releaseFence();
        ram.set(Ram.BYTE, linear + tags[slot + Tlb.ADDEND], (byte) value);
    }

    public void store16(long linear, long value) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 1 & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            checked.store(privilege, linear, 2, value);
            return;
        }
        VarHandle.releaseFence();
        ram.set(Ram.SHORT, linear + tags[slot + Tlb.ADDEND], (short) value);
    }

    public void store32(long linear, long value) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 3 & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            checked.store(privilege, linear, 4, value);
            return;
        }
        VarHandle.releaseFence();
        ram.set(Ram.INT, linear + tags[slot + Tlb.ADDEND], (int) value);
    }

    public void store64(long linear, long value) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 7 & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            checked.store(privilege, linear, 8, value);
            return;
        }
        VarHandle.releaseFence();
        ram.set(Ram.LONG, linear + tags[slot + Tlb.ADDEND], value);
    }

    /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
    public long load(long linear, int size) {
        return switch (size) {
            case 1 -> load8(linear);
            case 2 -> load16(linear);
            case 4 -> load32(linear);
            default -> load64(linear);
        };
    }

    /** Stores the low 1, 2, 4 or 8 bytes. */
    public void store(long linear, int size, long value) {
        switch (size) {
            case 1 -> store8(linear, value);
            case 2 -> store16(linear, value);
            case 4 -> store32(linear, value);
            default -> store64(linear, value);
        }
    }

    /**
     * An implicit supervisor access, as to descriptor tables and the TSS: the CPL does not matter,
     * nor does EFLAGS.AC.
     */
    public long loadSystem8(long linear) {
        return checked.load(PageWalker.SUPERVISOR, linear, 1);
    }

    public long loadSystem16(long linear) {
        return checked.load(PageWalker.SUPERVISOR, linear, 2);
    }

    public long loadSystem32(long linear) {
        return checked.load(PageWalker.SUPERVISOR, linear, 4);
    }

    public long loadSystem64(long linear) {
        long[] tags = supervisorEntries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 7 & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(PageWalker.SUPERVISOR, linear, 8);
        }
        long value = ram.get(Ram.LONG, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value;
    }

    public void storeSystem64(long linear, long value) {
        checked.store(PageWalker.SUPERVISOR, linear, 8, value);
    }

    /** Faults exactly as a load of {@code size} bytes would; any size. */
    public void checkRead(long linear, int size) {
        checked.check(privilege, linear, size, Tlb.READ);
    }

    /** Faults exactly as a store of {@code size} bytes would; any size. */
    public void checkWrite(long linear, int size) {
        checked.check(privilege, linear, size, Tlb.WRITE);
    }

    /** {@link #checkRead} for an implicit supervisor access. */
    public void checkSystemRead(long linear, int size) {
        checked.check(PageWalker.SUPERVISOR, linear, size, Tlb.READ);
    }

    /** {@link #checkWrite} for an implicit supervisor access. */
    public void checkSystemWrite(long linear, int size) {
        checked.check(PageWalker.SUPERVISOR, linear, size, Tlb.WRITE);
    }

    /**
     * Begins a read-modify-write: faults as a store would. Returns the operand's RAM offset for
     * {@link #loadAt} and {@link #storeAt}, or −1 where it must be reached by its linear address.
     */
    public long writeOffset(long linear, int size) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + (size - 1) & Tlb.PAGE_MASK) != tags[slot + Tlb.WRITE]) {
            return checked.writeOffset(privilege, linear, size);
        }
        return linear + tags[slot + Tlb.ADDEND];
    }

    /** As {@link #writeOffset}, for loads; the rest of the page may be loaded by offset too. */
    public long readOffset(long linear, int size) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + (size - 1) & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.readOffset(privilege, linear, size);
        }
        return linear + tags[slot + Tlb.ADDEND];
    }

    /** Loads from an offset that {@link #writeOffset} or {@link #readOffset} gave. */
    public long loadAt(long offset, int size) {
        return memory.load(offset, size);
    }

    /** Stores to an offset that {@link #writeOffset} gave. */
    public void storeAt(long offset, int size, long value) {
        memory.store(offset, size, value);
    }

    /**
     * Copies {@code length / element} elements upwards, one after the other, as REP MOVS does;
     * neither operand crosses a page. Faults as the first element does, the load before the store.
     * Returns whether it was done.
     */
    public boolean copyWithinPage(long to, long from, int length, int element) {
        long source = readOffset(from, element);
        long destination = writeOffset(to, element);
        return source >= 0
                && destination >= 0
                && BulkMemory.copy(ram, destination, source, length, element);
    }

    /**
     * Stores the same element {@code length / element} times, as REP STOS does; the operand does
     * not cross a page. Faults as the first element does. Returns whether it was done.
     */
    public boolean fillWithinPage(long to, int length, int element, long value) {
        long destination = writeOffset(to, element);
        if (destination >= 0) {
            BulkMemory.fill(ram, destination, length, element, value);
        }
        return destination >= 0;
    }

    /**
     * Begins a locked access: faults as a store would. Returns the operand's RAM offset when it
     * lies within one aligned eight-byte word, for {@link #loadAcquire} and {@link #compareAndSet}.
     * Otherwise returns −1 with all other vCPUs stopped: the operand is reached by its linear
     * address, then comes {@link #lockEnd}.
     */
    public long lockBegin(long linear, int size) {
        long offset = writeOffset(linear, size);
        return offset >= 0 && (offset & 7) + size <= 8
                ? offset
                : checked.lock(privilege, linear, size);
    }

    /** {@link #lockBegin} for 16 bytes: always −1 with all other vCPUs stopped. */
    public long lockBegin16(long linear) {
        checkWrite(linear, 16);
        return checked.stopOthers(privilege, linear, 16);
    }

    /** Ends what a {@link #lockBegin} that returned −1 began. */
    public void lockEnd() {
        checked.exitExclusive();
    }

    /** Loads the operand of a locked access, in one piece. */
    public long loadAcquire(long offset, int size) {
        return memory.loadAtomic(offset, size);
    }

    /** Replaces the operand of a locked access if it is still the expected one. A full fence. */
    public boolean compareAndSet(long offset, int size, long expected, long value) {
        boolean done = memory.compareAndSet(offset, size, expected, value);
        if (done) {
            checked.storedAtomically(offset, size);
        }
        return done;
    }

    /** Orders everything before against everything after. */
    public void fence() {
        VarHandle.fullFence();
    }

    /** Translates the address of an instruction, faulting as its fetch does. */
    public long translateExecute(long linear) {
        codeEpoch.fetch(linear);
        return tlb.allows(linear, Tlb.EXECUTE)
                ? tlb.frame(linear) & Tlb.PAGE_MASK | linear & ~Tlb.PAGE_MASK
                : checked.fetch(privilege, linear);
    }

    /** The physical address behind a linear one, or −1; without check, fault or effect. */
    public long peek(long linear) {
        return checked.peek(linear);
    }

    /**
     * Takes over control-register state and flushes everything.
     *
     * @throws dev.carafe.core.fault.CpuFault #GP(0), nothing changed, for reserved bits in PAE
     *     page-directory pointers
     */
    public void configure(PagingContext context) {
        checked.configure(context);
        flush();
    }

    /**
     * MOV to CR3: takes the address of the first table and flushes what is not global.
     *
     * @throws dev.carafe.core.fault.CpuFault #GP(0), nothing changed, for reserved bits in PAE
     *     page-directory pointers
     */
    public void setRoot(long cr3) {
        checked.setRoot(cr3);
        flushNonGlobal();
    }

    /**
     * Chooses whose accesses follow.
     *
     * @param user whether CPL is 3
     * @param acrossSmap whether SMAP is on and EFLAGS.AC lets the supervisor reach user pages all
     *     the same
     */
    public void setContext(boolean user, boolean acrossSmap) {
        select(
                user
                        ? PageWalker.USER
                        : acrossSmap ? PageWalker.SUPERVISOR_AC : PageWalker.SUPERVISOR);
    }

    public void flush() {
        checked.flush();
        codeEpoch.next();
    }

    public void flushNonGlobal() {
        checked.flushNonGlobal();
        codeEpoch.next();
    }

    /** INVLPG. */
    public void invalidatePage(long linear) {
        if (checked.invalidate(linear) || codeEpoch.concerns(linear)) {
            codeEpoch.next();
        }
    }

    /**
     * Changes whenever a linear address may have got another meaning; not at {@link #setContext}.
     */
    public int codeEpoch() {
        return codeEpoch.number();
    }

    /**
     * Sends this vCPU's stores to a physical page through the checked path; see {@link PageStates}.
     */
    public void dropWriteTags(long page) {
        checked.slowWrites(page << Tlb.PAGE_SHIFT);
    }

    /**
     * Lays this vCPU's local APIC over the map.
     *
     * @param physicalPage address of the registers, or −1 for none
     */
    public void setLocalRegisters(long physicalPage, BusDevice device) {
        checked.setLocalRegisters(physicalPage, device);
        flush();
    }

    /** Reports accesses to chosen pages, or none when null. Call again when the choice changes. */
    public void setWatcher(AccessWatcher watcher) {
        checked.setWatcher(watcher);
        flush();
    }

    /** Locked accesses that stopped the other vCPUs. */
    public long splitLocks() {
        return checked.splitLocks();
    }

    /** Page walks done. */
    public long walks() {
        return checked.walks();
    }

    private void select(int chosen) {
        if (chosen != privilege) {
            privilege = chosen;
            tlb = checked.tlb(chosen);
            entries = tlb.entries;
        }
    }
}
