package dev.carafe.core.isa.control;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.DescriptorAccess;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;

/**
 * Checks that far transfers share (SDM Vol. 3A, "Direct Calls or Jumps to Code Segments", "Call
 * Gates").
 */
final class FarTarget {
    private static final int RPL = 3;

    private FarTarget() {}

    /** The descriptor of a selector that must not be null. */
    static long read(Cpu cpu, int selector) {
        if (Descriptor.isNull(selector)) {
            throw CpuFault.generalProtection(0);
        }
        return DescriptorAccess.read(cpu, selector, GENERAL_PROTECTION, 0);
    }

    /** Code that a direct jump or call may reach. */
    static void checkDirect(Cpu cpu, int selector, int attributes) {
        int dpl = Descriptor.dpl(attributes);
        boolean allowed =
                Descriptor.isConforming(attributes)
                        ? dpl <= cpu.cpl
                        : (selector & RPL) <= cpu.cpl && dpl == cpu.cpl;
        require(Descriptor.isCode(attributes) && allowed, selector);
        checkUsable(cpu, selector, attributes);
    }

    /** Code that a return from the current level to the selector's RPL may reach. */
    static void checkReturn(Cpu cpu, int selector, int attributes) {
        int rpl = selector & RPL;
        int dpl = Descriptor.dpl(attributes);
        boolean allowed =
                rpl >= cpu.cpl && (Descriptor.isConforming(attributes) ? dpl <= rpl : dpl == rpl);
        require(Descriptor.isCode(attributes) && allowed, selector);
        checkUsable(cpu, selector, attributes);
    }

    /** Present, and not 64-bit and 32-bit at once. */
    private static void checkUsable(Cpu cpu, int selector, int attributes) {
        int both = Descriptor.LONG | Descriptor.BIG;
        require(!cpu.control.longMode() || (attributes & both) != both, selector);
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, selector & 0xFFFC);
        }
    }

    static void require(boolean rule, int selector) {
        if (!rule) {
            throw CpuFault.generalProtection(selector & 0xFFFC);
        }
    }

    /**
     * The offset must lie in the target's limit, or be canonical in 64-bit code: otherwise #GP(0).
     */
    static void checkOffset(Cpu cpu, long raw, long offset) {
        boolean code64 =
                cpu.control.longMode() && (Descriptor.attributes(raw) & Descriptor.LONG) != 0;
        boolean reachable =
                code64
                        ? cpu.control.canonical(offset)
                        : Long.compareUnsigned(
                                        offset, Integer.toUnsignedLong(Descriptor.limit(raw)))
                                <= 0;
        if (!reachable) {
            throw CpuFault.generalProtection(0);
        }
    }

    /**
     * The stack of an outer level.
     *
     * @return its descriptor, or 0 for a null selector, which 64-bit code below level 3 may have
     */
    static long checkOuterStack(Cpu cpu, int selector, int privilege, long code) {
        if (Descriptor.isNull(selector)) {
            boolean code64 =
                    cpu.control.longMode() && (Descriptor.attributes(code) & Descriptor.LONG) != 0;
            if (!code64 || privilege == 3 || (selector & RPL) != privilege) {
                throw CpuFault.generalProtection(0);
            }
            return 0;
        }
        long raw = cpu.segments.checkedStack(selector, privilege, GENERAL_PROTECTION, 0);
        return DescriptorAccess.markAccessed(cpu, selector, raw);
    }

    /** Loads SS with what {@link #checkOuterStack} gave. */
    static void setStack(Cpu cpu, int selector, long raw) {
        if (raw == 0) {
            cpu.segments.setNull(Segments.SS, selector);
        } else {
            cpu.segments.setFromDescriptor(Segments.SS, selector, raw);
        }
    }
}
