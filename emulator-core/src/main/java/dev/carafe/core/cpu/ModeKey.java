package dev.carafe.core.cpu;

import dev.carafe.core.isa.CodeMode;

/**
 * What code bytes mean beside themselves, as bits of one number: the code mode in bits 1:0, and
 * below what else decides which handler an instruction gets. A page of code is decoded once for
 * each number.
 */
public final class ModeKey {
    /** SSE instructions may execute. */
    public static final int SSE = 1 << 2;

    /** x87 and MMX instructions may execute. */
    public static final int X87 = 1 << 3;

    /** Code addresses are linear addresses. */
    public static final int FLAT = 1 << 4;

    /** AVX instructions may execute. */
    public static final int AVX = 1 << 5;

    /** Calls and returns use a shadow stack. */
    public static final int SHADOW_STACK = 1 << 6;

    /** Indirect branches lead to ENDBRANCH. */
    public static final int TRACKING = 1 << 7;

    /** The next instruction has to be ENDBRANCH. */
    public static final int WAITING = 1 << 8;

    /** A {@link CodePage}'s only: a debugger stops in that page. */
    public static final int DEBUGGED = 1 << 9;

    private static final int CODE_MODE = 3;
    private static final CodeMode[] CODE_MODES = CodeMode.values();

    private ModeKey() {}

    public static CodeMode codeMode(int key) {
        return CODE_MODES[key & CODE_MODE];
    }
}
