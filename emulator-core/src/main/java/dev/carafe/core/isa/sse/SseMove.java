package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand.Kind;
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
    @Semantics({MOVAPS, MOVAPD, MOVDQA})
    @WholeRegister
    public static void load(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
        xmm[destination + 1] = high;
    }

    @Semantics({MOVUPS, MOVUPD, MOVDQU})
    @WholeRegister
    @Unaligned
    public static void loadUnaligned(long[] xmm, int destination, long low, long high, int unused) {
        load(xmm, destination, low, high, unused);
    }

    @Semantics(
            value = {MOVAPS, MOVAPD, MOVDQA, MOVNTDQ, MOVNTPD, MOVNTPS},
            place = Place.MEMORY)
    @VectorStore
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

    /** The register form of the storing opcodes: ModRM.rm is the destination. */
    @Semantics(
            value = {MOVAPS, MOVAPD, MOVDQA, MOVUPS, MOVUPD, MOVDQU},
            place = Place.REGISTER)
    public static void copy(Cpu cpu, Instruction insn) {
        int from = vector(insn.reg());
        int to = vector(insn.rm());
        cpu.xmm[to] = cpu.xmm[from];
        cpu.xmm[to + 1] = cpu.xmm[from + 1];
    }

    private static int vector(int register) {
        return register * Cpu.VECTOR_STRIDE;
    }

    /**
     * MOVSD between registers and to memory, MOVQ, MOVD and the low halves to memory: the low bits
     * and no others.
     */
    @Semantics({MOVSD, MOVQ, MOVD, MOVLPS, MOVLPD})
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

    @Semantics({MOVQ, MOVD})
    @WholeRegister
    public static void loadLow(long[] xmm, int destination, long low, long high, int unused) {
        xmm[destination] = low;
        xmm[destination + 1] = 0;
    }

    /**
     * The register form of MOVQ's storing opcodes: to a general register, or to another vector
     * register, whose upper half is cleared.
     */
    @Semantics(value = MOVQ, place = Place.REGISTER)
    public static void copyLow(Cpu cpu, Instruction insn) {
        long low = cpu.xmm[vector(insn.reg())];
        if (insn.encoding().has(Kind.REGISTER_OR_MEMORY)) {
            cpu.regs[insn.rm()] = low;
        } else {
            loadLow(cpu.xmm, vector(insn.rm()), low, 0, 0);
        }
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
        long offset =
                switch (insn.addressSize()) {
                    case 2 -> cpu.regs[Registers.RDI] & 0xFFFF;
                    case 4 -> cpu.regs[Registers.RDI] & 0xFFFFFFFFL;
                    default -> cpu.regs[Registers.RDI];
                };
        long address = cpu.segments.linear(insn.segment(), offset, XMM_BYTES, true);
        cpu.memory.checkWrite(address, XMM_BYTES);
        for (int i = 0; i < XMM_BYTES; i++) {
            int shift = i % Long.BYTES * Byte.SIZE;
            int lane = i / Long.BYTES;
            if ((byte) (cpu.xmm[mask + lane] >>> shift) < 0) {
                cpu.memory.store8(address + i, cpu.xmm[data + lane] >>> shift & 0xFF);
            }
        }
    }
}
