package dev.carafe.core.memory;

import dev.carafe.core.bus.BusDevice;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * One vCPU's view of memory: loads and stores by linear address, translated through a {@link Tlb}.
 * Called by the vCPU's own thread, or by another one while the machine is paused.
 *
 * <p>The methods here are the hit paths and small enough to be inlined into every handler;
 * everything else is in {@link CheckedAccess}. Linear addresses are complete, the segment base
 * added. In long mode one that is not canonical raises #GP(0), which becomes #SS(0) where the
 * instruction's segment is SS ({@link dev.carafe.core.fault.CpuFault#onStack}); outside, addresses
 * wrap at 4 GiB. Every access is checked in whole before it has any effect.
 *
 * <p>Those are written out, not composed of smaller methods: every call that HotSpot inlines costs
 * it some thirty nodes, a region holds dozens of accesses, and from 18,000 nodes on it inlines
 * nothing more.
 *
 * <p>Some of them are there twice: woven code that does many accesses has the current {@link #tags}
 * and the machine's RAM at hand, the one in a local and the other as a constant, and passes them.
 *
 * <p>What a hit does not look at is in the choice of the TLB: who accesses, whether operands must
 * be aligned, and the process context. Protection keys decide when an entry is filled.
 */
public final class Mmu {
    /** The other kinds of access. */
    public final ShadowStackAccess shadowStack;

    public final SystemAccess system;
    public final LockedAccess locked;
    public final BulkAccess bulk;

    private final CheckedAccess checked;
    private final Ram memory;
    private final MemorySegment ram; // of memory: one step less on the way to it
    private final AddressSpaces spaces;
    private AddressSpace space; // the current one, as all that follows
    private CodeEpoch codeEpoch;
    private long[] entries; // of the TLB for accessor
    private int accessor = Accessor.SUPERVISOR;

    /**
     * @param bus the machine's physical memory
     * @param exclusive for locked accesses that the host cannot do in one piece
     * @param physicalBits MAXPHYADDR
     */
    public Mmu(PhysicalBus bus, ExclusiveAccess exclusive, int physicalBits) {
        checked = new CheckedAccess(bus, exclusive, physicalBits);
        memory = bus.ram();
        ram = memory.segment;
        shadowStack = new ShadowStackAccess(checked, this);
        system = new SystemAccess(checked, ram);
        locked = new LockedAccess(checked, memory, this);
        bulk = new BulkAccess(memory, this);
        spaces = checked.spaces();
        select();
    }

    public long load8(long linear) {
        return load8(entries, ram, linear);
    }

    public long load8(long[] tags, MemorySegment ram, long linear) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        return (linear & Tlb.PAGE_MASK) == tags[slot & Tlb.ENTRY & last]
                ? Ram.load8(ram, linear + tags[(slot | Tlb.ADDEND) & last])
                : checked.load(accessor, linear, 1);
    }

    public long load16(long linear) {
        return load16(entries, ram, linear);
    }

    public long load16(long[] tags, MemorySegment ram, long linear) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        return (linear + 1 & Tlb.PAGE_MASK) == tags[slot & Tlb.ENTRY & last]
                ? Ram.load16(ram, linear + tags[(slot | Tlb.ADDEND) & last])
                : checked.load(accessor, linear, 2);
    }

    public long load32(long linear) {
        return load32(entries, ram, linear);
    }

    public long load32(long[] tags, MemorySegment ram, long linear) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        return (linear + 3 & Tlb.PAGE_MASK) == tags[slot & Tlb.ENTRY & last]
                ? Ram.load32(ram, linear + tags[(slot | Tlb.ADDEND) & last])
                : checked.load(accessor, linear, 4);
    }

    public long load64(long linear) {
        return load64(entries, ram, linear);
    }

    public long load64(long[] tags, MemorySegment ram, long linear) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        return (linear + 7 & Tlb.PAGE_MASK) == tags[slot & Tlb.ENTRY & last]
                ? Ram.load64(ram, linear + tags[(slot | Tlb.ADDEND) & last])
                : checked.load(accessor, linear, 8);
    }

    public void store8(long linear, long value) {
        store8(entries, ram, linear, value);
    }

    public void store8(long[] tags, MemorySegment ram, long linear, long value) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        if ((linear & Tlb.PAGE_MASK) == tags[(slot & Tlb.ENTRY | Tlb.WRITE) & last]) {
            Ram.store8(ram, linear + tags[(slot | Tlb.ADDEND) & last], value);
        } else {
            checked.store(accessor, linear, 1, value);
        }
    }

    public void store16(long linear, long value) {
        store16(entries, ram, linear, value);
    }

    public void store16(long[] tags, MemorySegment ram, long linear, long value) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        if ((linear + 1 & Tlb.PAGE_MASK) == tags[(slot & Tlb.ENTRY | Tlb.WRITE) & last]) {
            Ram.store16(ram, linear + tags[(slot | Tlb.ADDEND) & last], value);
        } else {
            checked.store(accessor, linear, 2, value);
        }
    }

    public void store32(long linear, long value) {
        store32(entries, ram, linear, value);
    }

    public void store32(long[] tags, MemorySegment ram, long linear, long value) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        if ((linear + 3 & Tlb.PAGE_MASK) == tags[(slot & Tlb.ENTRY | Tlb.WRITE) & last]) {
            Ram.store32(ram, linear + tags[(slot | Tlb.ADDEND) & last], value);
        } else {
            checked.store(accessor, linear, 4, value);
        }
    }

    public void store64(long linear, long value) {
        store64(entries, ram, linear, value);
    }

    public void store64(long[] tags, MemorySegment ram, long linear, long value) {
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT);
        int last = tags.length - 1;
        if ((linear + 7 & Tlb.PAGE_MASK) == tags[(slot & Tlb.ENTRY | Tlb.WRITE) & last]) {
            Ram.store64(ram, linear + tags[(slot | Tlb.ADDEND) & last], value);
        } else {
            checked.store(accessor, linear, 8, value);
        }
    }

    /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
    public long load(long linear, int size) {
        return load(entries, ram, linear, size);
    }

    public long load(long[] tags, MemorySegment ram, long linear, int size) {
        return switch (size) {
            case 1 -> load8(tags, ram, linear);
            case 2 -> load16(tags, ram, linear);
            case 4 -> load32(tags, ram, linear);
            default -> load64(tags, ram, linear);
        };
    }

    /** Stores the low 1, 2, 4 or 8 bytes. */
    public void store(long linear, int size, long value) {
        store(entries, ram, linear, size, value);
    }

    public void store(long[] tags, MemorySegment ram, long linear, int size, long value) {
        switch (size) {
            case 1 -> store8(tags, ram, linear, value);
            case 2 -> store16(tags, ram, linear, value);
            case 4 -> store32(tags, ram, linear, value);
            default -> store64(tags, ram, linear, value);
        }
    }

    /** Faults exactly as a load of {@code size} bytes would; any size. */
    public void checkRead(long linear, int size) {
        checked.check(accessor, linear, size, Tlb.READ);
    }

    /** Faults exactly as a store of {@code size} bytes would; any size. */
    public void checkWrite(long linear, int size) {
        checked.check(accessor, linear, size, Tlb.WRITE);
    }

    /**
     * Begins a read-modify-write: faults as a store would. Returns the operand's RAM offset for
     * {@link #loadAt} and {@link #storeAt}, or −1 where it must be reached by its linear address.
     */
    public long writeOffset(long linear, int size) {
        return writeOffset(entries, linear, size);
    }

    public long writeOffset(long[] tags, long linear, int size) {
        return Hit.writes(tags, linear, size)
                ? Hit.offset(tags, linear)
                : checked.writeOffset(accessor, linear, size, true);
    }

    /** As {@link #writeOffset}, for an operand that is not loaded. */
    public long storeOffset(long linear, int size) {
        long[] tags = entries;
        return Hit.writes(tags, linear, size)
                ? Hit.offset(tags, linear)
                : checked.writeOffset(accessor, linear, size, false);
    }

    /** As {@link #writeOffset}, for loads; the rest of the page may be loaded by offset too. */
    public long readOffset(long linear, int size) {
        long[] tags = entries;
        return Hit.reads(tags, linear, size)
                ? Hit.offset(tags, linear)
                : checked.readOffset(accessor, linear, size);
    }

    /** Loads from an offset that {@link #writeOffset} or {@link #readOffset} gave. */
    public long loadAt(long offset, int size) {
        return memory.load(offset, size);
    }

    /** Stores to an offset that {@link #writeOffset} gave. */
    public void storeAt(long offset, int size, long value) {
        memory.store(offset, size, value);
    }

    public long loadAt(MemorySegment ram, long offset, int size) {
        return Ram.load(ram, offset, size);
    }

    public void storeAt(MemorySegment ram, long offset, int size, long value) {
        Ram.store(ram, offset, size, value);
    }

    /** Orders everything before against everything after. */
    public void fence() {
        VarHandle.fullFence();
    }

    /** Translates the address of an instruction, faulting as its fetch does. */
    public long translateExecute(long linear) {
        Tlb tlb = space.tlb(accessor);
        long physical =
                tlb.allows(linear, Tlb.EXECUTE)
                        ? tlb.frame(linear) & Tlb.PAGE_MASK | linear & ~Tlb.PAGE_MASK
                        : checked.fetch(accessor, linear);
        codeEpoch.fetch(linear, (tlb.frame(linear) & Tlb.LARGE) != 0);
        return physical;
    }

    /** The physical address behind a linear one, or −1; without check, fault or effect. */
    public long peek(long linear) {
        return checked.peek(linear);
    }

    /**
     * The entries that the translation of a linear address reads, from the root to where it ends;
     * without effect. None without paging and for addresses that are not canonical.
     */
    public List<PageEntry> trace(long linear) {
        return checked.trace(linear);
    }

    /**
     * Takes over control-register state and flushes everything.
     *
     * @param loadsPointers whether the change loads the page-directory pointers of PAE paging
     * @throws dev.carafe.core.fault.CpuFault #GP(0), nothing changed, for reserved bits in PAE
     *     page-directory pointers
     */
    public void configure(PagingContext context, boolean loadsPointers) {
        checked.configure(context, loadsPointers);
        select();
    }

    /**
     * MOV to CR3: takes the address of the first table, the process context and the masking of user
     * addresses, and flushes what is not global of that context, unless it has one and bit 63 is
     * set.
     *
     * @throws dev.carafe.core.fault.CpuFault #GP(0), nothing changed, for reserved bits in PAE
     *     page-directory pointers
     */
    public void setRoot(long cr3) {
        checked.setRoot(cr3);
        select();
    }

    /**
     * Chooses whose accesses follow.
     *
     * @param user whether CPL is 3
     * @param acrossSmap whether SMAP is on and EFLAGS.AC lets the supervisor reach user pages all
     *     the same
     * @param aligned whether the user's operands must be aligned
     */
    public void setContext(boolean user, boolean acrossSmap, boolean aligned) {
        int chosen;
        if (user) {
            chosen = aligned ? Accessor.USER_ALIGNED : Accessor.USER;
        } else {
            chosen = acrossSmap ? Accessor.SUPERVISOR_AC : Accessor.SUPERVISOR;
        }
        act(chosen);
    }

    /** Makes the accesses that follow implicit supervisor accesses, until {@link #setContext}. */
    public void actAsSystem() {
        act(Accessor.SYSTEM);
    }

    /** Whether operands that cross 4 GiB go on at 0: in all but 64-bit code. */
    public void setWraps(boolean wraps) {
        checked.addresses().setWraps(wraps);
    }

    /** PKRU and IA32_PKRS. */
    public void setProtectionKeys(int user, int supervisor) {
        checked.setProtectionKeys(user, supervisor);
    }

    /**
     * The linear address that a data access of 64-bit code means: without metadata where
     * linear-address masking is on, and not canonical when it must fault.
     */
    public long mask(long linear) {
        return checked.addresses().mask(linear);
    }

    /** Everything, global translations and those of all process contexts included. */
    public void flush() {
        checked.flush();
    }

    /** What is not global, of all process contexts. */
    public void flushNonGlobal() {
        checked.flushNonGlobal();
    }

    /** What is not global, of one process context. */
    public void flushContext(int context) {
        checked.flushContext(context);
    }

    /** INVLPG. */
    public void invalidatePage(long linear) {
        checked.invalidate(linear);
    }

    /** INVPCID of one address. */
    public void invalidatePage(int context, long linear) {
        checked.invalidate(context, linear);
    }

    /**
     * Changes whenever a linear address may have got another meaning; not at {@link #setContext}.
     * Goes back to what it was where the meaning does.
     */
    public int codeEpoch() {
        return codeEpoch.number();
    }

    /**
     * Sends this vCPU's stores to a physical page through the checked path; see {@link PageStates}.
     */
    public void dropWriteTags(long page) {
        spaces.slowWrites(page << Tlb.PAGE_SHIFT);
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

    /**
     * {@link Tlb#entries} of the current accessor. The same array until {@link #setContext}, {@link
     * #actAsSystem}, {@link #configure} or {@link #setRoot}.
     */
    public long[] tags() {
        return entries;
    }

    /** The machine's RAM, for methods that take it beside the {@link #tags}. */
    public MemorySegment ram() {
        return ram;
    }

    /** Whose accesses are meant, one of {@link Accessor}. */
    int accessor() {
        return accessor;
    }

    private void act(int chosen) {
        if (chosen != accessor) {
            accessor = chosen;
            entries = space.entries(chosen);
        }
    }

    private void select() {
        space = spaces.current();
        codeEpoch = space.codeEpoch();
        system.select(space);
        entries = space.entries(accessor);
    }
}
