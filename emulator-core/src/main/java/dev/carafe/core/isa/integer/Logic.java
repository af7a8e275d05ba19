package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.AND;
import static dev.carafe.core.isa.Operation.ANDN;
import static dev.carafe.core.isa.Operation.NOT;
import static dev.carafe.core.isa.Operation.OR;
import static dev.carafe.core.isa.Operation.TEST;
import static dev.carafe.core.isa.Operation.XOR;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/**
 * Logical instructions (SDM Vol. 1, "Logical Instructions"). Flags that the manual leaves
 * undefined, AF and after ANDN also PF, are cleared as processors do.
 */
public final class Logic {
    private Logic() {}

    /** TEST is AND whose result the table throws away. */
    @Semantics({AND, TEST})
    public static long and(Flags flags, Width width, long a, long b) {
        long result = a & b;
        flags.afterLogic(width, result);
        return result;
    }

    @Semantics(OR)
    public static long or(Flags flags, Width width, long a, long b) {
        long result = a | b;
        flags.afterLogic(width, result);
        return result;
    }

    @Semantics(XOR)
    public static long xor(Flags flags, Width width, long a, long b) {
        long result = a ^ b;
        flags.afterLogic(width, result);
        return result;
    }

    /** Changes no flag. */
    @Semantics(NOT)
    public static long not(Width width, long a) {
        return width.truncate(~a);
    }

    /** BMI1: the first source is inverted. */
    @Semantics(ANDN)
    public static long andNot(Flags flags, Width width, long a, long b) {
        long result = ~a & b;
        flags.afterBitManipulation(width, result, 0);
        return result;
    }
}
