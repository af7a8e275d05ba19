package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.memory.Mmu;
import java.lang.foreign.MemorySegment;

/**
 * Memory destinations that are read and written. Write access is checked before the load, so that a
 * fault leaves everything as it was; where the operand lies in plain RAM the second half goes
 * straight there. Called by woven handlers.
 */
public final class ReadModifyWrite {
    private ReadModifyWrite() {}

    /** Checks write access; returns what the other methods want as {@code offset}. */
    public static long begin(Mmu memory, long address, int size) {
        return memory.writeOffset(address, size);
    }

    public static long load(Mmu memory, long address, long offset, int size) {
        return offset >= 0 ? memory.loadAt(offset, size) : memory.load(address, size);
    }

    public static void store(Mmu memory, long address, long offset, int size, long value) {
        if (offset >= 0) {
            memory.storeAt(offset, size, value);
        } else {
            memory.store(address, size, value);
        }
    }

    // The same, where the current tags and the machine's RAM are at hand: see Mmu.

    public static long begin(Mmu memory, long[] tags, MemorySegment ram, long address, int size) {
        return memory.writeOffset(tags, address, size);
    }

    public static long load(
            Mmu memory, long[] tags, MemorySegment ram, long address, long offset, int size) {
        return offset >= 0 ? memory.loadAt(ram, offset, size) : memory.load(address, size);
    }

    public static void store(
            Mmu memory,
            long[] tags,
            MemorySegment ram,
            long address,
            long offset,
            int size,
            long value) {
        if (offset >= 0) {
            memory.storeAt(ram, offset, size, value);
        } else {
            memory.store(address, size, value);
        }
    }

    /**
     * As {@link #begin} for a locked instruction; where the host has no such atomic access, all
     * other vCPUs stand still.
     */
    public static long beginLocked(Cpu cpu, long address, int size) {
        return cpu.memory.locked.begin(address, size);
    }

    public static long loadLocked(Cpu cpu, long address, long offset, int size) {
        return offset >= 0 ? cpu.memory.locked.load(offset, size) : cpu.memory.load(address, size);
    }

    /**
     * Returns false when another vCPU was first: load, compute and store again.
     *
     * @param pc the record that does it, or 0 when RIP is exact
     */
    public static boolean storeLocked(
            Cpu cpu, long address, long offset, int size, long expected, long value, int pc) {
        if (offset >= 0) {
            boolean done = cpu.memory.locked.compareAndSet(offset, size, expected, value);
            if (done && expected != value) {
                cpu.lockWriters.changed(cpu, offset, expected, value, pc);
            }
            return done;
        }
        try {
            cpu.memory.store(address, size, value);
        } finally {
            cpu.memory.locked.end();
        }
        return true;
    }
}
