package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Aligned;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.MmxState;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Semantics.Place;
import dev.carafe.core.isa.Unaligned;
import dev.carafe.core.isa.VectorStore;
import dev.carafe.core.isa.WholeRegister;

/**
 * Moves to, from and between vector registers (SDM Vol. 2, MOVAPS, MOVUPS, MOVSD, MOVQ, MOVHPS and
 * their kin).
 */
public final class SseMove {
    private static final int XMM_BYTES = 16;

    private SseMove() {}

    /** All 128 bits; in memory they must be aligned. */
    @Semantics({MOVAPS, MOVAPD, MOVDQA, MOVNTDQA})
    @WholeRegister
    @Aligned
    public static void load(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
        xmm[destination + 1] = high;
    }

    @Semantics({MOVUPS, MOVUPD, MOVDQU, LDDQU})
    @WholeRegister
    @Unaligned
    public static void loadUnaligned(long[] xmm, int destination, long low, long high, int unused) {
        load(xmm, destination, low, high, unused);
    }

    @Semantics(
            value = {MOVAPS, MOVAPD, MOVDQA, MOVNTDQ, MOVNTPD, MOVNTPS},
            place = Place.MEMORY)
    @VectorStore
    @Aligned
    public static void store(Cpu cpu, long address, long low, long high) {
        Operands.checkAligned16(address);
        storeUnaligned(cpu, address, low, high);
    }

    @Semantics(
            value = {MOVUPS, MOVUPD, MOVDQU},
            place = Place.MEMORY)
    @VectorStore
    public static void storeUnaligned(Cpu cpu, long address, long low, long high) {
        cpu.memory.checkWrite(address, XMM_BYTES);
        cpu.memory.store64(address, low);
        cpu.memory.store64(address + Long.BYTES, high);
    }

    private static int vector(int register) {
        return register * Cpu.VECTOR_STRIDE;
    }

    /**
     * MOVSD between registers and to memory, MOVQ, MOVD and the low halves to memory: the low bits
     * and no others.
     */
    @Semantics({MOVSD, MOVQ, MOVD, MOVLPS, MOVLPD, MOVDQ2Q, MOVNTQ})
    public static long low(long source) {
        return source;
    }

    /** MOVSS between registers and to memory. */
    @Semantics(MOVSS)
    @ScalarResult(32)
    public static long lowSingle(long source) {
        return source;
    }

    /** From memory or a general register: the bits above are cleared. */
    @Semantics(
            value = {MOVSD, MOVSS},
            place = Place.MEMORY)
    @WholeRegister
    public static void loadLowFromMemory(
            long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
        xmm[destination + 1] = 0;
    }

    @Semantics({MOVQ, MOVD, MOVQ2DQ})
    @WholeRegister
    public static void loadLow(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
        xmm[destination + 1] = 0;
    }

    /** The other half of the destination stays. */
    @Semantics({MOVLPS, MOVLPD})
    @WholeRegister
    public static void replaceLow(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
    }

    @Semantics({MOVHPS, MOVHPD, MOVLHPS})
    @WholeRegister
    public static void replaceHigh(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination + 1] = low;
    }

    @Semantics(MOVHLPS)
    @WholeRegister
    public static void highToLow(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = high;
    }

    @Semantics({MOVHPS, MOVHPD})
    @WholeRegister
    public static long storeHigh(long low, long high, int unused) {
        return high;
    }

    /** MASKMOVDQU: the bytes whose mask byte has its top bit set, to DS:rDI. */
    @Semantics(MASKMOVDQU)
    public static void storeMasked(Cpu cpu, Instruction insn) {
        int data = vector(insn.reg());
        int mask = vector(insn.rm());
        long address = maskedDestination(cpu, insn, XMM_BYTES);
        storeBytes(cpu, address, cpu.xmm[data], cpu.xmm[mask]);
        storeBytes(cpu, address + Long.BYTES, cpu.xmm[data + 1], cpu.xmm[mask + 1]);
    }

    /** The same for 64 bits. */
    @Semantics(MASKMOVQ)
    public static void storeMaskedQuadword(Cpu cpu, Instruction insn) {
        MmxState.begin(cpu);
        MmxState.end(cpu); // even where the store faults
        long address = maskedDestination(cpu, insn, Long.BYTES);
        storeBytes(cpu, address, MmxState.get(cpu, insn.reg()), MmxState.get(cpu, insn.rm()));
    }

    /** Faults as a store of each quadword, whatever the mask says. */
    private static long maskedDestination(Cpu cpu, Instruction insn, int size) {
        long offset =
                switch (insn.addressSize()) {
                    case 2 -> cpu.regs[Registers.RDI] & 0xFFFF;
                    case 4 -> cpu.regs[Registers.RDI] & 0xFFFFFFFFL;
                    default -> cpu.regs[Registers.RDI];
                };
        long address = cpu.segments.linear(insn.segment(), offset, Long.BYTES, true);
        cpu.memory.checkWrite(address, Long.BYTES);
        if (size > Long.BYTES) {
            long upper = cpu.segments.linear(insn.segment(), offset + Long.BYTES, Long.BYTES, true);
            cpu.memory.checkWrite(upper, Long.BYTES);
        }
        return address;
    }

    private static void storeBytes(Cpu cpu, long address, long data, long mask) {
        for (int i = 0; i < Long.BYTES; i++) {
            int shift = i * Byte.SIZE;
            if ((byte) (mask >>> shift) < 0) {
                cpu.memory.store8(address + i, data >>> shift & 0xFF);
            }
        }
    }
}
