package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;

/**
 * Reading and updating descriptors in the GDT and LDT. These are system accesses: privilege and
 * SMAP of the current code do not count (SDM Vol. 3A, "Determination of Access Rights").
 */
public final class DescriptorAccess {
    private static final int TABLE_INDICATOR = 4;
    private static final long OUTSIDE = Long.MIN_VALUE; // not canonical, so never an address
    private static final long ACCESSED_BIT = 1L << 40;
    private static final long BUSY_BIT = 1L << 41;

    private DescriptorAccess() {}

    /**
     * The raw descriptor of a selector that is not null.
     *
     * @param vector what a selector outside its table raises, with the selector as error code
     * @param external EXT bit of that error code
     */
    public static long read(Cpu cpu, int selector, int vector, int external) {
        long address = address(cpu, selector, 8);
        if (address == OUTSIDE) {
            throw CpuFault.of(vector, selector & 0xFFFC | external);
        }
        return cpu.memory.system.load64(address);
    }

    /**
     * The upper half of a 16-byte system descriptor; #GP(selector) when it lies outside the table.
     */
    public static long readUpper(Cpu cpu, int selector) {
        long address = address(cpu, selector, 16);
        if (address == OUTSIDE) {
            throw CpuFault.generalProtection(selector & 0xFFFC);
        }
        return cpu.memory.system.load64(address + 8);
    }

    /**
     * As {@link #read}, but a selector outside its table gives 0, a descriptor of no valid type.
     */
    public static long readOrInvalid(Cpu cpu, int selector) {
        long address = address(cpu, selector, 8);
        return Descriptor.isNull(selector) || address == OUTSIDE
                ? 0
                : cpu.memory.system.load64(address);
    }

    private static long address(Cpu cpu, int selector, int size) {
        int offset = selector & 0xFFF8;
        long base;
        if ((selector & TABLE_INDICATOR) == 0) {
            TableRegister gdtr = cpu.system.gdtr;
            if (offset + size - 1 > gdtr.limit()) {
                return OUTSIDE;
            }
            base = gdtr.base();
        } else {
            SystemSegment ldtr = cpu.system.ldtr;
            if (!ldtr.contains(offset, size)) {
                return OUTSIDE;
            }
            base = ldtr.base();
        }
        return cpu.control.longMode() ? base + offset : base + offset & 0xFFFF_FFFFL;
    }

    /**
     * Sets the accessed bit of a code or data descriptor where it is clear; returns the descriptor
     * with it.
     */
    public static long markAccessed(Cpu cpu, int selector, long raw) {
        if ((raw & ACCESSED_BIT) == 0) {
            change(cpu, address(cpu, selector, 8), ACCESSED_BIT);
        }
        return raw | ACCESSED_BIT;
    }

    /** Makes an available TSS busy; returns the descriptor as it is then. */
    public static long markBusy(Cpu cpu, int selector, long raw) {
        change(cpu, address(cpu, selector, 8), BUSY_BIT);
        return raw | BUSY_BIT;
    }

    /** Makes the TSS of a task that ends available. */
    public static void clearBusy(Cpu cpu, int selector) {
        long address = address(cpu, selector, 8);
        cpu.memory.system.store64(address, cpu.memory.system.load64(address) & ~BUSY_BIT);
    }

    /** A locked read-modify-write of a descriptor, done as a system access. */
    private static void change(Cpu cpu, long address, long bits) {
        cpu.memory.actAsSystem();
        try {
            long offset = cpu.memory.locked.begin(address, 8);
            if (offset < 0) {
                try {
                    cpu.memory.store64(address, cpu.memory.load64(address) | bits);
                } finally {
                    cpu.memory.locked.end();
                }
                return;
            }
            long old;
            do {
                old = cpu.memory.loadAt(offset, 8);
            } while (!cpu.memory.locked.compareAndSet(offset, 8, old, old | bits));
        } finally {
            cpu.control.privilegeChanged();
        }
    }
}
