package dev.carafe.core.isa.integer;

import dev.carafe.core.cpu.Flags;

/**
 * The sixteen conditions of Jcc, SETcc and CMOVcc (SDM Vol. 1, "EFLAGS Condition Codes"), named as
 * there.
 */
public final class Conditions {
    private Conditions() {}

    public static boolean o(Flags flags) {
        return flags.overflow();
    }

    public static boolean no(Flags flags) {
        return !flags.overflow();
    }

    public static boolean b(Flags flags) {
        return flags.carry();
    }

    public static boolean ae(Flags flags) {
        return !flags.carry();
    }

    public static boolean e(Flags flags) {
        return flags.zero();
    }

    public static boolean ne(Flags flags) {
        return !flags.zero();
    }

    public static boolean be(Flags flags) {
        return flags.carry() || flags.zero();
    }

    public static boolean a(Flags flags) {
        return !flags.carry() && !flags.zero();
    }

    public static boolean s(Flags flags) {
        return flags.sign();
    }

    public static boolean ns(Flags flags) {
        return !flags.sign();
    }

    public static boolean p(Flags flags) {
        return flags.parity();
    }

    public static boolean np(Flags flags) {
        return !flags.parity();
    }

    public static boolean l(Flags flags) {
        return flags.less();
    }

    public static boolean ge(Flags flags) {
        return !flags.less();
    }

    public static boolean le(Flags flags) {
        return flags.less() || flags.zero();
    }

    public static boolean g(Flags flags) {
        return !flags.less() && !flags.zero();
    }

    /** The condition encoded by the low four bits of the opcode. */
    public static boolean test(int code, Flags flags) {
        boolean even =
                switch (code >> 1 & 7) {
                    case 0 -> o(flags);
                    case 1 -> b(flags);
                    case 2 -> e(flags);
                    case 3 -> be(flags);
                    case 4 -> s(flags);
                    case 5 -> p(flags);
                    case 6 -> l(flags);
                    default -> le(flags);
                };
        return even == ((code & 1) == 0);
    }
}
