package dev.carafe.tools.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What an instruction can change of a processor, apart from memory. x87 registers from ST(0) on.
 */
final class ProcessorState {
    static final int GENERAL = 16;
    static final int X87 = 8;
    static final int VECTOR_LONGS = 4;
    static final int VECTORS = 16;

    private static final int LEGACY_BYTES = 512;
    private static final int POINTERS = 8;
    private static final int MXCSR = 24;
    private static final int STACK = 32;
    private static final int XMM = 160;
    private static final int ENTRY = 16;

    final long[] registers = new long[GENERAL];
    long rflags;
    long fsBase;
    long gsBase;
    final int[] selectors = new int[6]; // ES, CS, SS, DS, FS, GS
    int controlWord;
    int statusWord;
    int tags; // one bit for each physical register that is not empty
    int opcode;
    long instructionPointer;
    long dataPointer;
    int mxcsr;
    final long[] significands = new long[X87];
    final int[] signExponents = new int[X87];
    final long[] vectors = new long[VECTORS * VECTOR_LONGS];

    void copyFrom(ProcessorState other) {
        System.arraycopy(other.registers, 0, registers, 0, GENERAL);
        rflags = other.rflags;
        fsBase = other.fsBase;
        gsBase = other.gsBase;
        System.arraycopy(other.selectors, 0, selectors, 0, selectors.length);
        controlWord = other.controlWord;
        statusWord = other.statusWord;
        tags = other.tags;
        opcode = other.opcode;
        instructionPointer = other.instructionPointer;
        dataPointer = other.dataPointer;
        mxcsr = other.mxcsr;
        System.arraycopy(other.significands, 0, significands, 0, X87);
        System.arraycopy(other.signExponents, 0, signExponents, 0, X87);
        System.arraycopy(other.vectors, 0, vectors, 0, vectors.length);
    }

    /** The x87 and vector registers as FXSAVE stores them, then the upper halves of YMM. */
    void writeVectors(ByteBuffer to, int at) {
        to.putLong(
                at,
                controlWord & 0xFFFFL
                        | (statusWord & 0xFFFFL) << 16
                        | (long) (tags & 0xFF) << 32
                        | (long) opcode << 48);
        to.putLong(at + POINTERS, instructionPointer);
        to.putLong(at + POINTERS + 8, dataPointer);
        to.putLong(at + MXCSR, Integer.toUnsignedLong(mxcsr));
        for (int i = 0; i < X87; i++) {
            to.putLong(at + STACK + i * ENTRY, significands[i]);
            to.putLong(at + STACK + i * ENTRY + 8, signExponents[i] & 0xFFFFL);
        }
        for (int i = 0; i < VECTORS; i++) {
            int from = i * VECTOR_LONGS;
            to.putLong(at + XMM + i * ENTRY, vectors[from]);
            to.putLong(at + XMM + i * ENTRY + 8, vectors[from + 1]);
            to.putLong(at + LEGACY_BYTES + i * ENTRY, vectors[from + 2]);
            to.putLong(at + LEGACY_BYTES + i * ENTRY + 8, vectors[from + 3]);
        }
        Arrays.fill(to.array(), at + XMM + VECTORS * ENTRY, at + LEGACY_BYTES, (byte) 0);
    }

    void readVectors(ByteBuffer from, int at) {
        long head = from.getLong(at);
        controlWord = (int) head & 0xFFFF;
        statusWord = (int) (head >>> 16) & 0xFFFF;
        tags = (int) (head >>> 32) & 0xFF;
        opcode = (int) (head >>> 48);
        instructionPointer = from.getLong(at + POINTERS);
        dataPointer = from.getLong(at + POINTERS + 8);
        mxcsr = from.getInt(at + MXCSR);
        for (int i = 0; i < X87; i++) {
            significands[i] = from.getLong(at + STACK + i * ENTRY);
            signExponents[i] = from.getShort(at + STACK + i * ENTRY + 8) & 0xFFFF;
        }
        for (int i = 0; i < VECTORS; i++) {
            int to = i * VECTOR_LONGS;
            vectors[to] = from.getLong(at + XMM + i * ENTRY);
            vectors[to + 1] = from.getLong(at + XMM + i * ENTRY + 8);
            vectors[to + 2] = from.getLong(at + LEGACY_BYTES + i * ENTRY);
            vectors[to + 3] = from.getLong(at + LEGACY_BYTES + i * ENTRY + 8);
        }
    }
}
