package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.ADC;
import static dev.carafe.core.isa.Operation.ADCX;
import static dev.carafe.core.isa.Operation.ADD;
import static dev.carafe.core.isa.Operation.ADOX;
import static dev.carafe.core.isa.Operation.CMP;
import static dev.carafe.core.isa.Operation.DEC;
import static dev.carafe.core.isa.Operation.INC;
import static dev.carafe.core.isa.Operation.NEG;
import static dev.carafe.core.isa.Operation.SBB;
import static dev.carafe.core.isa.Operation.SUB;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/**
 * Binary arithmetic (SDM Vol. 1, "Binary Arithmetic Instructions"). Operands arrive truncated to
 * their width, results leave so.
 */
public final class IntegerArithmetic {
    private IntegerArithmetic() {}

    @Semantics(ADD)
    public static long add(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a + b);
        flags.afterAdd(width, a, b, result);
        return result;
    }

    @Semantics(ADC)
    public static long addWithCarry(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a + b + flags.carryBit());
        flags.afterAdd(width, a, b, result);
        return result;
    }

    /**
     * CMP is SUB whose result the table throws away: it must not ask for write access to its
     * destination.
     */
    @Semantics({SUB, CMP})
    public static long subtract(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a - b);
        flags.afterSubtract(width, a, b, result);
        return result;
    }

    @Semantics(SBB)
    public static long subtractWithBorrow(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a - b - flags.carryBit());
        flags.afterSubtract(width, a, b, result);
        return result;
    }

    @Semantics(INC)
    public static long increment(Flags flags, Width width, long a) {
        long result = width.truncate(a + 1);
        flags.afterIncrement(width, a, result);
        return result;
    }

    @Semantics(DEC)
    public static long decrement(Flags flags, Width width, long a) {
        long result = width.truncate(a - 1);
        flags.afterDecrement(width, a, result);
        return result;
    }

    @Semantics(NEG)
    public static long negate(Flags flags, Width width, long a) {
        long result = width.truncate(-a);
        flags.afterSubtract(width, 0, a, result);
        return result;
    }

    /** Adds with CF and changes no other flag. */
    @Semantics(ADCX)
    public static long addWithCarryOnly(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a + b + flags.carryBit());
        flags.setCarry(width.signBit((a & b) | ((a | b) & ~result)) != 0);
        return result;
    }

    /** Adds with OF as if it were a carry and changes no other flag. */
    @Semantics(ADOX)
    public static long addWithOverflowOnly(Flags flags, Width width, long a, long b) {
        long result = width.truncate(a + b + (flags.overflow() ? 1 : 0));
        flags.setOverflow(width.signBit((a & b) | ((a | b) & ~result)) != 0);
        return result;
    }
}
