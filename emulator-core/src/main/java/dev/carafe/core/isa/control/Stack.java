package dev.carafe.core.isa.control;

import static dev.carafe.core.cpu.Registers.RSP;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.Mmu;
import java.lang.foreign.MemorySegment;

/**
 * Pushes and pops of the running program (SDM Vol. 1, "Stacks"). Nothing changes when an access
 * faults.
 */
public final class Stack {
    private static final long MASK_32 = 0xFFFF_FFFFL;
    private static final long MASK_16 = 0xFFFF;

    private Stack() {}

    /** Stores below the top, then moves RSP. */
    public static void push(Cpu cpu, Width width, long value) {
        Mmu memory = cpu.memory;
        push(cpu, memory, memory.tags(), memory.ram(), width, value);
    }

    /** As {@link #push(Cpu, Width, long)}, where tags and RAM are at hand: see {@link Mmu}. */
    public static void push(
            Cpu cpu, Mmu memory, long[] tags, MemorySegment ram, Width width, long value) {
        int size = width.size();
        if (cpu.control.codeIs64()) {
            long top = cpu.regs[RSP] - size;
            store(memory, tags, ram, top, size, value);
            cpu.regs[RSP] = top;
        } else {
            storeChecked(cpu, width, -size, value);
            movePointer(cpu, cpu.regs[RSP] - size);
        }
    }

    /** Reads the top and moves RSP above it. */
    public static long pop(Cpu cpu, Width width) {
        Mmu memory = cpu.memory;
        return pop(cpu, memory, memory.tags(), memory.ram(), width);
    }

    /** As {@link #pop(Cpu, Width)}, where tags and RAM are at hand: see {@link Mmu}. */
    public static long pop(Cpu cpu, Mmu memory, long[] tags, MemorySegment ram, Width width) {
        int size = width.size();
        if (cpu.control.codeIs64()) {
            long top = cpu.regs[RSP];
            long value = load(memory, tags, ram, top, size);
            cpu.regs[RSP] = top + size;
            return value;
        }
        long value = loadChecked(cpu, width, 0);
        movePointer(cpu, cpu.regs[RSP] + size);
        return value;
    }

    /** Reads the top. */
    public static long peek(Cpu cpu, Width width) {
        return peek(cpu, width, 0);
    }

    /** Reads {@code offset} bytes above the top. */
    public static long peek(Cpu cpu, Width width, int offset) {
        return cpu.control.codeIs64()
                ? load(cpu, cpu.regs[RSP] + offset, width.size())
                : loadChecked(cpu, width, offset);
    }

    /** Reads eight bytes, {@code offset} bytes above the top, in 64-bit code. */
    static long peek64(Cpu cpu, int offset) {
        try {
            return cpu.memory.load64(cpu.regs[RSP] + offset);
        } catch (CpuFault fault) {
            throw fault.onStack();
        }
    }

    /** Writes {@code offset} bytes above the top; below it when negative. */
    public static void poke(Cpu cpu, Width width, int offset, long value) {
        if (cpu.control.codeIs64()) {
            store(cpu, cpu.regs[RSP] + offset, width.size(), value);
        } else {
            storeChecked(cpu, width, offset, value);
        }
    }

    /** Checks that a {@link #poke} would succeed. */
    static void checkPoke(Cpu cpu, Width width, int offset) {
        long linear = cpu.segments.linear(Segments.SS, offsetOf(cpu, offset), width.size(), true);
        cpu.memory.checkWrite(linear, width.size());
    }

    /** Moves RSP, ESP or SP up, or down when {@code bytes} is negative. */
    public static void release(Cpu cpu, long bytes) {
        setPointer(cpu, cpu.regs[RSP] + bytes);
    }

    /**
     * Sets RSP, ESP or SP, as the stack's address size says; the bits above SP and RSP's upper half
     * as usual.
     */
    public static void setPointer(Cpu cpu, long value) {
        if (cpu.control.codeIs64()) {
            cpu.regs[RSP] = value;
        } else {
            movePointer(cpu, value);
        }
    }

    /** What {@link #release} would make of RSP. */
    public static long moved(Cpu cpu, long bytes) {
        long pointer = cpu.regs[RSP] + bytes;
        return cpu.control.codeIs64() ? pointer : cut(cpu, pointer);
    }

    /** The bits of RSP that address the stack. */
    static long mask(Cpu cpu) {
        return switch (cpu.segments.stackAddressSize()) {
            case 8 -> -1L;
            case 4 -> MASK_32;
            default -> MASK_16;
        };
    }

    private static long offsetOf(Cpu cpu, int offset) {
        return cpu.regs[RSP] + offset & mask(cpu);
    }

    // ---- 64-bit code: a flat stack; the MMU knows no segments, what it says of addresses that are
    // not canonical is #SS(0)

    private static long load(Cpu cpu, long linear, int size) {
        Mmu memory = cpu.memory;
        return load(memory, memory.tags(), memory.ram(), linear, size);
    }

    private static long load(Mmu memory, long[] tags, MemorySegment ram, long linear, int size) {
        try {
            return memory.load(tags, ram, linear, size);
        } catch (CpuFault fault) {
            throw fault.onStack();
        }
    }

    private static void store(Cpu cpu, long linear, int size, long value) {
        Mmu memory = cpu.memory;
        store(memory, memory.tags(), memory.ram(), linear, size, value);
    }

    private static void store(
            Mmu memory, long[] tags, MemorySegment ram, long linear, int size, long value) {
        try {
            memory.store(tags, ram, linear, size, value);
        } catch (CpuFault fault) {
            throw fault.onStack();
        }
    }

    // ---- 16-bit and 32-bit code

    private static long loadChecked(Cpu cpu, Width width, int offset) {
        long linear = cpu.segments.linear(Segments.SS, offsetOf(cpu, offset), width.size(), false);
        return cpu.memory.load(linear, width.size());
    }

    private static void storeChecked(Cpu cpu, Width width, int offset, long value) {
        long linear = cpu.segments.linear(Segments.SS, offsetOf(cpu, offset), width.size(), true);
        cpu.memory.store(linear, width.size(), value);
    }

    private static void movePointer(Cpu cpu, long value) {
        cpu.regs[RSP] = cut(cpu, value);
    }

    private static long cut(Cpu cpu, long value) {
        return cpu.segments.stackAddressSize() == 4
                ? value & MASK_32
                : cpu.regs[RSP] & ~MASK_16 | value & MASK_16;
    }
}
