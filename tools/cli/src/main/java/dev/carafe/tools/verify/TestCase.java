package dev.carafe.tools.verify;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;

/**
 * One instruction, the state it begins in, and what is written over the data area's pattern first.
 */
final class TestCase {
    static final int MOST_PATCHES = 4;
    static final int PATCH_BYTES = 64;

    long number;
    Encoding encoding;
    Instruction instruction;
    byte[] code;
    int codeOffset; // from Layout.CODE
    boolean code32;
    boolean step; // RFLAGS.TF is set: the case ends by the trap behind the instruction
    final ProcessorState state = new ProcessorState();
    int patchCount;
    final long[] patchAddresses = new long[MOST_PATCHES];
    final byte[][] patches = new byte[MOST_PATCHES][PATCH_BYTES];

    /** Why it is not run, or null. */
    String skipped;

    long rip() {
        return Layout.CODE + codeOffset;
    }

    /** The bytes in the code page: the instruction, and what leaves the case behind it. */
    byte[] codeWithExit() {
        byte[] all = new byte[code.length + (step ? 1 : code32 ? 7 : 5)];
        System.arraycopy(code, 0, all, 0, code.length);
        int at = code.length;
        if (step) {
            all[at] = (byte) 0xCC;
            return all;
        }
        long target = code32 ? Layout.EXIT : Layout.EXIT - (rip() + all.length);
        all[at] = (byte) (code32 ? 0xEA : 0xE9);
        for (int i = 0; i < 4; i++) {
            all[at + 1 + i] = (byte) (target >>> 8 * i);
        }
        if (code32) {
            all[at + 5] = Layout.EXIT_SELECTOR;
            all[at + 6] = 0;
        }
        return all;
    }
}
