package dev.carafe.core.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Implicit supervisor accesses, as to descriptor tables and the TSS: the CPL does not matter, nor
 * does EFLAGS.AC (SDM Vol. 3A, "Determination of Access Rights"). Called as {@link Mmu} is.
 */
public final class SystemAccess {
    private final CheckedAccess checked;
    private final MemorySegment ram;
    private long[] entries; // of the supervisor's TLB in the current address space

    SystemAccess(CheckedAccess checked, MemorySegment ram) {
        this.checked = checked;
        this.ram = ram;
    }

    void select(AddressSpace space) {
        entries = space.tlb(Accessor.SUPERVISOR).entries;
    }

    public long load8(long linear) {
        return checked.load(Accessor.SYSTEM, linear, 1);
    }

    public long load16(long linear) {
        return checked.load(Accessor.SYSTEM, linear, 2);
    }

    public long load32(long linear) {
        return checked.load(Accessor.SYSTEM, linear, 4);
    }

    public long load64(long linear) {
        long[] tags = entries;
        int slot = (int) (linear >>> Tlb.SLOT_SHIFT) & Tlb.SLOT_MASK;
        if ((linear + 7 & Tlb.PAGE_MASK) != tags[slot + Tlb.READ]) {
            return checked.load(Accessor.SYSTEM, linear, 8);
        }
        long value = ram.get(Ram.LONG, linear + tags[slot + Tlb.ADDEND]);
        VarHandle.acquireFence();
        return value;
    }

    public void store64(long linear, long value) {
        checked.store(Accessor.SYSTEM, linear, 8, value);
    }

    /** Stores the low 1, 2, 4 or 8 bytes. */
    public void store(long linear, int size, long value) {
        checked.store(Accessor.SYSTEM, linear, size, value);
    }

    /** Faults exactly as a load of {@code size} bytes would; any size. */
    public void checkRead(long linear, int size) {
        checked.check(Accessor.SYSTEM, linear, size, Tlb.READ);
    }

    /** Faults exactly as a store of {@code size} bytes would; any size. */
    public void checkWrite(long linear, int size) {
        checked.check(Accessor.SYSTEM, linear, size, Tlb.WRITE);
    }
}
