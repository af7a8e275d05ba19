package dev.carafe.tools.verify;

import dev.carafe.core.cpu.X87State;

/** Between the x87 registers of the core, by physical number, and a state, from ST(0) on. */
final class X87Image {
    private static final int EMPTY = 3;
    private static final int VALID = 0;
    private static final int ZERO = 1;
    private static final int SPECIAL = 2;
    private static final int MOST_EXPONENT = 0x7FFF;

    private X87Image() {}

    static void load(X87State x87, ProcessorState state) {
        x87.controlWord = state.controlWord;
        x87.statusWord = state.statusWord;
        x87.opcode = state.opcode;
        x87.codeSelector = 0;
        x87.dataSelector = 0;
        x87.instructionPointer = state.instructionPointer;
        x87.dataPointer = state.dataPointer;
        int top = x87.top();
        int tags = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = top + i & 7;
            x87.significand[physical] = state.significands[i];
            x87.signExponent[physical] = state.signExponents[i];
            boolean empty = (state.tags >>> physical & 1) == 0;
            tags |=
                    (empty ? EMPTY : tag(state.signExponents[i], state.significands[i]))
                            << 2 * physical;
        }
        x87.tagWord = tags;
    }

    private static int tag(int signExponent, long significand) {
        int exponent = signExponent & MOST_EXPONENT;
        if (exponent == 0 && significand == 0) {
            return ZERO;
        }
        boolean ordinary = exponent != 0 && exponent != MOST_EXPONENT && significand < 0;
        return ordinary ? VALID : SPECIAL;
    }

    static void store(X87State x87, ProcessorState state) {
        state.controlWord = x87.controlWord;
        state.statusWord = x87.statusWord;
        state.opcode = x87.opcode;
        state.instructionPointer = x87.instructionPointer;
        state.dataPointer = x87.dataPointer;
        int top = x87.top();
        int tags = 0;
        for (int i = 0; i < X87State.REGISTERS; i++) {
            int physical = top + i & 7;
            state.significands[i] = x87.significand[physical];
            state.signExponents[i] = x87.signExponent[physical];
            tags |= (x87.tagWord >>> 2 * physical & 3) == EMPTY ? 0 : 1 << physical;
        }
        state.tags = tags;
    }
}
