package dev.carafe.tools.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cases and results as the native program's {@code protocol.h} lays them out. */
final class HostProtocol {
    static final int MAGIC = 0x3143_524F;
    static final int HELLO_BYTES = 16;
    static final int WAY_OUT_BYTES = 16; // behind it
    static final int CASE_BYTES = 1296;
    static final int RESULT_BYTES = 976;
    static final int BLOCK_BYTES = 8 + Layout.BLOCK;

    private static final int CODE32 = 1;
    private static final int STEP = 2;
    private static final int CODE = 16;
    private static final int CASE_REGISTERS = 48;
    private static final int CASE_VECTORS = 208;
    private static final int PATCHES = 976;
    private static final int PATCH = 16 + TestCase.PATCH_BYTES;
    private static final int RESULT_REGISTERS = 32;
    private static final int RESULT_FLAGS = 160;
    private static final int RESULT_BLOCKS = 184;
    private static final int RESULT_SELECTORS = 188;
    private static final int RESULT_VECTORS = 208;

    private HostProtocol() {}

    static void write(TestCase test, ByteBuffer to, int at) {
        byte[] code = test.codeWithExit();
        to.putInt(at, (test.code32 ? CODE32 : 0) | (test.step ? STEP : 0));
        to.putInt(at + 4, test.codeOffset);
        to.putInt(at + 8, code.length);
        to.putInt(at + 12, test.patchCount);
        Arrays.fill(to.array(), at + CODE, at + CASE_REGISTERS, (byte) 0);
        to.put(at + CODE, code);
        ProcessorState state = test.state;
        int next = at + CASE_REGISTERS;
        for (long register : state.registers) {
            to.putLong(next, register);
            next += Long.BYTES;
        }
        to.putLong(next, state.rflags);
        to.putLong(next + 8, state.fsBase);
        to.putLong(next + 16, state.gsBase);
        state.writeVectors(to, at + CASE_VECTORS);
        for (int i = 0; i < test.patchCount; i++) {
            int patch = at + PATCHES + i * PATCH;
            to.putLong(patch, test.patchAddresses[i]);
            to.putInt(patch + 8, TestCase.PATCH_BYTES);
            to.put(patch + 16, test.patches[i]);
        }
    }

    /** Reads a result but for its blocks, whose number it gives. */
    static int read(ByteBuffer from, Result result) {
        result.ending =
                switch (from.getInt(0)) {
                    case 0 -> Result.Ending.EXECUTED;
                    case 1 -> Result.Ending.EXCEPTION;
                    default -> Result.Ending.HUNG;
                };
        result.vector = from.getInt(4);
        result.errorCode = from.getLong(8);
        result.cr2 = from.getLong(16);
        result.rip = from.getLong(24);
        ProcessorState state = result.state;
        for (int i = 0; i < ProcessorState.GENERAL; i++) {
            state.registers[i] = from.getLong(RESULT_REGISTERS + i * 8);
        }
        state.rflags = from.getLong(RESULT_FLAGS);
        state.fsBase = from.getLong(RESULT_FLAGS + 8);
        state.gsBase = from.getLong(RESULT_FLAGS + 16);
        for (int i = 0; i < state.selectors.length; i++) {
            state.selectors[i] = from.getShort(RESULT_SELECTORS + i * 2) & 0xFFFF;
        }
        state.readVectors(from, RESULT_VECTORS);
        return from.getInt(RESULT_BLOCKS);
    }
}
