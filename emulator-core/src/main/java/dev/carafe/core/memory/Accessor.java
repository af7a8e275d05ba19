package dev.carafe.core.memory;

/**
 * Whose access it is, as far as the rights to a page depend on it (SDM Vol. 3A, "Determination of
 * Access Rights"). Each kind but {@link #SYSTEM} has a TLB of its own, so that a hit says nothing
 * more than that this kind of access is allowed.
 */
final class Accessor {
    static final int USER = 0;

    /** User with CR0.AM and EFLAGS.AC: operands have to be aligned (#AC). */
    static final int USER_ALIGNED = 1;

    static final int SUPERVISOR = 2;

    /** Supervisor with EFLAGS.AC: SMAP does not apply. */
    static final int SUPERVISOR_AC = 3;

    /** A shadow-stack access of CPL 3, or WRUSS. */
    static final int SHADOW_STACK_USER = 4;

    static final int SHADOW_STACK_SUPERVISOR = 5;

    /** Number of TLBs. */
    static final int KINDS = 6;

    /**
     * An implicit supervisor access, as to descriptor tables and the TSS: shares the translations
     * of {@link #SUPERVISOR}, but its addresses carry no metadata and never wrap in IA-32e mode.
     */
    static final int SYSTEM = 6;

    private Accessor() {}

    static boolean isUser(int accessor) {
        return accessor <= USER_ALIGNED || accessor == SHADOW_STACK_USER;
    }

    static boolean isShadowStack(int accessor) {
        return accessor == SHADOW_STACK_USER || accessor == SHADOW_STACK_SUPERVISOR;
    }

    /** Number of the TLB that holds what this kind of access may do. */
    static int tlb(int accessor) {
        return accessor == SYSTEM ? SUPERVISOR : accessor;
    }
}
