package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;

/**
 * Whole vector registers in {@code Cpu.xmm} or {@code Cpu.vectorResult}, named by the index of
 * their low 64 bits. Called by woven handlers.
 */
public final class VectorRegisters {
    /** 64-bit lanes of a register. */
    public static final int LANES = Cpu.VECTOR_STRIDE;

    private VectorRegisters() {}

    public static void copy16(long[] source, int from, long[] destination, int to) {
        destination[to] = source[from];
        destination[to + 1] = source[from + 1];
    }

    public static void copy32(long[] source, int from, long[] destination, int to) {
        copy16(source, from, destination, to);
        copy16(source, from + 2, destination, to + 2);
    }

    /** What a VEX-encoded instruction of 128 bits does beyond them. */
    public static void clearAbove16(long[] xmm, int register) {
        xmm[register + 2] = 0;
        xmm[register + 3] = 0;
    }

    /** The results of a narrowing conversion, 64 bits from each lane, next to each other. */
    public static void joinLanes(long[] xmm, int register) {
        xmm[register + 1] = xmm[register + 2];
    }

    /** The index of a register's low 64 bits. */
    public static int index(int number) {
        return number * Cpu.VECTOR_STRIDE;
    }
}
