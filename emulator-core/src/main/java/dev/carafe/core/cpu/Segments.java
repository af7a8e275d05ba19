package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.Registers.SEGMENT_BASE;
import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;
import static dev.carafe.core.fault.ExceptionVector.STACK_FAULT;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;

/**
 * The six segment registers with their hidden parts (SDM Vol. 3A, "Segment Registers" and
 * "Protection"). Bases live in the register file at {@link Registers#SEGMENT_BASE}; in 64-bit code
 * those of ES, CS, SS and DS count as zero but are kept.
 *
 * <p>vCPU thread only.
 */
public final class Segments {
    public static final int ES = 0;
    public static final int CS = 1;
    public static final int SS = 2;
    public static final int DS = 3;
    public static final int FS = 4;
    public static final int GS = 5;
    public static final int COUNT = 6;

    private static final int MODE_BITS = Descriptor.LONG | Descriptor.BIG; // of CS
    private static final int[] DATA_SEGMENTS = {ES, DS, FS, GS};
    private static final int REAL_MODE_LIMIT = 0xFFFF;

    /** Visible parts. */
    public final int[] selector = new int[COUNT];

    /** Offset of the last byte, unsigned, granularity applied. */
    public final int[] limit = new int[COUNT];

    /** See {@link Descriptor}. */
    public final int[] attributes = new int[COUNT];

    private final Cpu cpu;

    Segments(Cpu cpu) {
        this.cpu = cpu;
    }

    // ---- what they mean

    public long base(int segment) {
        return cpu.regs[SEGMENT_BASE + segment];
    }

    public void setBase(int segment, long base) {
        cpu.regs[SEGMENT_BASE + segment] = base;
    }

    /** How code at CS:RIP is read. */
    public CodeMode codeMode() {
        return cpu.control.codeMode();
    }

    /** Bytes of the stack pointer that pushes and pops use: 2, 4 or 8. */
    public int stackAddressSize() {
        if (codeMode() == CodeMode.CODE64) {
            return 8;
        }
        return (attributes[SS] & Descriptor.BIG) != 0 ? 4 : 2;
    }

    /**
     * The linear address of a memory operand after the checks of "Segment Access" (SDM Vol. 3A,
     * "Limit Checking" and "Type Checking"); in 64-bit code only the address' canonical form is
     * checked, once linear-address masking has removed metadata.
     *
     * @param offset effective address, already cut to the address size
     */
    public long linear(int segment, long offset, int size, boolean write) {
        if (cpu.control.codeIs64()) {
            long linear = cpu.memory.mask(segment >= FS ? base(segment) + offset : offset);
            if (!cpu.control.canonical(linear) || !cpu.control.canonical(linear + size - 1)) {
                throw violation(segment);
            }
            return linear;
        }
        checkAccess(segment, offset, size, write);
        return base(segment) + offset & 0xFFFF_FFFFL;
    }

    /**
     * Limit, type and null checks of 16-bit and 32-bit code: #SS(0) for SS, #GP(0) for the others.
     */
    public void checkAccess(int segment, long offset, int size, boolean write) {
        int attributesNow = attributes[segment];
        boolean typeAllows =
                write
                        ? Descriptor.isWritableData(attributesNow)
                        : Descriptor.isReadable(attributesNow);
        // In real mode CS may be written through: its cached type is not looked at.
        if (!typeAllows && cpu.control.protectedMode()
                || !Descriptor.usable(attributesNow)
                || !inLimit(attributesNow, limit[segment], offset, size)) {
            throw violation(segment);
        }
    }

    /**
     * Whether {@code size} bytes at {@code offset} lie inside a segment of these attributes and
     * this limit.
     */
    public static boolean inLimit(int attributes, int limit, long offset, int size) {
        long last = offset + size - 1;
        long bound = Integer.toUnsignedLong(limit);
        if (Descriptor.isExpandDown(attributes)) {
            long top = (attributes & Descriptor.BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFFL;
            return offset > bound && last <= top;
        }
        return last <= bound;
    }

    private static CpuFault violation(int segment) {
        return CpuFault.of(segment == SS ? STACK_FAULT : GENERAL_PROTECTION, 0);
    }

    // ---- loading

    /** MOV, POP and LDS-type loads of ES, SS, DS, FS or GS, by the rules of the present mode. */
    public void load(int segment, int newSelector) {
        if (!cpu.control.protectedMode() || cpu.virtual8086()) {
            loadRealMode(segment, newSelector);
        } else if (segment == SS) {
            loadStack(newSelector);
        } else {
            loadData(segment, newSelector);
        }
    }

    /**
     * Base = selector × 16. Real mode keeps limit and type as they are; virtual-8086 mode sets
     * both.
     */
    public void loadRealMode(int segment, int newSelector) {
        boolean virtual = cpu.virtual8086();
        set(
                segment,
                newSelector,
                (long) newSelector << 4,
                virtual || !Descriptor.usable(attributes[segment])
                        ? REAL_MODE_LIMIT
                        : limit[segment],
                virtual ? Descriptor.VIRTUAL_8086_ATTRIBUTES : realModeAttributes(segment));
    }

    private int realModeAttributes(int segment) {
        int now = attributes[segment];
        return segment == CS || !Descriptor.usable(now) ? Descriptor.REAL_MODE_ATTRIBUTES : now;
    }

    private void loadData(int segment, int newSelector) {
        if (Descriptor.isNull(newSelector)) {
            setNull(segment, newSelector);
            return;
        }
        int errorCode = newSelector & 0xFFFC;
        long raw = DescriptorAccess.read(cpu, newSelector, GENERAL_PROTECTION, 0);
        int found = Descriptor.attributes(raw);
        int rpl = newSelector & 3;
        boolean privileged =
                Descriptor.isConforming(found) || Math.max(rpl, cpu.cpl) <= Descriptor.dpl(found);
        if (!Descriptor.isReadable(found) || !privileged) {
            throw CpuFault.generalProtection(errorCode);
        }
        if (!Descriptor.present(found)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        setFromDescriptor(
                segment, newSelector, DescriptorAccess.markAccessed(cpu, newSelector, raw));
    }

    private void loadStack(int newSelector) {
        if (Descriptor.isNull(newSelector)) {
            if (codeMode() != CodeMode.CODE64 || cpu.cpl == 3 || (newSelector & 3) != cpu.cpl) {
                throw CpuFault.generalProtection(0);
            }
            setNull(SS, newSelector);
            return;
        }
        long raw = checkedStack(newSelector, cpu.cpl, GENERAL_PROTECTION, 0);
        setFromDescriptor(SS, newSelector, DescriptorAccess.markAccessed(cpu, newSelector, raw));
    }

    /**
     * Reads and checks the descriptor of a non-null stack selector for privilege level {@code
     * privilege}.
     *
     * @param vector what violations raise; a segment that is not present raises #SS
     * @param external EXT bit of error codes
     */
    public long checkedStack(int newSelector, int privilege, int vector, int external) {
        int errorCode = newSelector & 0xFFFC | external;
        long raw = DescriptorAccess.read(cpu, newSelector, vector, external);
        int found = Descriptor.attributes(raw);
        if ((newSelector & 3) != privilege
                || !Descriptor.isWritableData(found)
                || Descriptor.dpl(found) != privilege) {
            throw CpuFault.of(vector, errorCode);
        }
        if (!Descriptor.present(found)) {
            throw CpuFault.of(STACK_FAULT, errorCode);
        }
        return raw;
    }

    /** A null selector: any use outside 64-bit code faults. */
    public void setNull(int segment, int newSelector) {
        int kept = segment == SS ? (newSelector & 3) << Descriptor.DPL_SHIFT | Descriptor.BIG : 0;
        set(segment, newSelector, 0, 0, Descriptor.UNUSABLE | kept);
    }

    /** Fills visible and hidden part from a descriptor that has been checked. */
    public void setFromDescriptor(int segment, int newSelector, long raw) {
        set(
                segment,
                newSelector,
                Descriptor.base(raw),
                Descriptor.limit(raw),
                Descriptor.attributes(raw));
    }

    /** Sets all parts unchecked. */
    public void set(int segment, int newSelector, long base, int newLimit, int newAttributes) {
        if (segment == CS) {
            setCode(newSelector, base, newLimit, newAttributes);
            return;
        }
        selector[segment] = newSelector & 0xFFFF;
        limit[segment] = newLimit;
        attributes[segment] = newAttributes;
        setBase(segment, base);
    }

    private void setCode(int newSelector, long base, int newLimit, int newAttributes) {
        boolean sameMode = ((attributes[CS] ^ newAttributes) & MODE_BITS) == 0 && base(CS) == base;
        selector[CS] = newSelector & 0xFFFF;
        limit[CS] = newLimit;
        attributes[CS] = newAttributes;
        setBase(CS, base);
        if (sameMode && !cpu.control.cr4(ControlBits.CR4_CET)) {
            cpu.control.privilegeChanged();
        } else {
            cpu.control.modeChanged();
        }
    }

    /** CS with the new privilege level; in protected mode the selector's RPL becomes it. */
    public void setCode(int newSelector, long raw, int privilege) {
        cpu.cpl = privilege;
        setFromDescriptor(CS, newSelector & 0xFFFC | privilege, raw);
    }

    /**
     * After a return to an outer level: data segments that the new level may not use become null.
     * Their bases stay, as 64-bit kernels rely on for FS and GS.
     */
    public void dropPrivilegedData() {
        for (int segment : DATA_SEGMENTS) {
            int now = attributes[segment];
            if (Descriptor.usable(now)
                    && !Descriptor.isConforming(now)
                    && Descriptor.dpl(now) < cpu.cpl) {
                set(segment, 0, base(segment), 0, Descriptor.UNUSABLE);
            }
        }
    }
}
