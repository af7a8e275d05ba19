package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * Pushes onto a stack that need not be the current one yet: an event, a call gate or a return
 * builds its frame here and takes the stack over when nothing can fail any more. Stack violations
 * are #SS with the error code given.
 */
public final class StackCursor {
    private static final long MASK_32 = 0xFFFF_FFFFL;
    private static final long MASK_16 = 0xFFFF;

    private final Cpu cpu;
    private final long base;
    private final int limit;
    private final int attributes;
    private final long mask;
    private final int errorCode;
    private long pointer;

    private StackCursor(
            Cpu cpu, long base, int limit, int attributes, long mask, int errorCode, long pointer) {
        this.cpu = cpu;
        this.base = base;
        this.limit = limit;
        this.attributes = attributes;
        this.mask = mask;
        this.errorCode = errorCode;
        this.pointer = pointer;
    }

    /** A flat 64-bit stack. */
    public static StackCursor flat(Cpu cpu, long pointer, int errorCode) {
        return new StackCursor(cpu, 0, 0, 0, -1L, errorCode, pointer);
    }

    /** The stack in use, in 16-bit or 32-bit code. */
    public static StackCursor current(Cpu cpu, int errorCode) {
        Segments segments = cpu.segments;
        int attributes = segments.attributes[Segments.SS];
        return new StackCursor(
                cpu,
                segments.base(Segments.SS),
                segments.limit[Segments.SS],
                attributes,
                mask(attributes),
                errorCode,
                cpu.regs[Registers.RSP]);
    }

    /** The 16-bit or 32-bit stack of a checked descriptor. */
    public static StackCursor of(Cpu cpu, long raw, long pointer, int errorCode) {
        int attributes = Descriptor.attributes(raw);
        return new StackCursor(
                cpu,
                Descriptor.base(raw),
                Descriptor.limit(raw),
                attributes,
                mask(attributes),
                errorCode,
                pointer);
    }

    private static long mask(int attributes) {
        return (attributes & Descriptor.BIG) != 0 ? MASK_32 : MASK_16;
    }

    /** Pushes the low bytes of {@code value}. */
    public void push(Width width, long value) {
        int size = width.size();
        long offset = pointer - size & mask;
        long linear;
        if (mask == -1L) {
            if (!cpu.control.canonical(offset) || !cpu.control.canonical(offset + size - 1)) {
                throw CpuFault.of(ExceptionVector.STACK_FAULT, errorCode);
            }
            linear = offset;
        } else {
            if (!Descriptor.usable(attributes)
                    || !Segments.inLimit(attributes, limit, offset, size)) {
                throw CpuFault.of(ExceptionVector.STACK_FAULT, errorCode);
            }
            linear = base + offset & MASK_32;
        }
        cpu.memory.store(linear, size, width.truncate(value));
        pointer = pointer & ~mask | offset;
    }

    /**
     * What the stack-pointer register must become: bits that do not address the stack are those it
     * began with.
     */
    public long pointer() {
        return pointer;
    }
}
