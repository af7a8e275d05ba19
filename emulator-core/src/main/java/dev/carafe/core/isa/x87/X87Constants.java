package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * Loads of constants (SDM Vol. 1, "Load Constant Instructions"), which rounding control chooses the
 * last bit of.
 */
public final class X87Constants {
    private static final long LOG2_10 = 0xD49A784BCD1B8AFEL;
    private static final long LOG2_E = 0xB8AA3B295C17F0BBL;
    private static final long PI = 0xC90FDAA22168C234L;
    private static final long LOG10_2 = 0x9A209A84FBCFF798L;
    private static final long LN_2 = 0xB17217F7D1CF79ABL;

    private X87Constants() {}

    @Semantics({FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ})
    public static void load(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        if (!X87.emptyAt(x, -1)) {
            X87Transfer.overflowed(x);
        } else {
            switch (insn.operation()) {
                case FLD1 -> X87.push(x, Float80.BIAS, Float80.INTEGER_BIT);
                case FLDL2T -> push(x, 1, LOG2_10, 0x492BF6FFL);
                case FLDL2E -> push(x, 0, LOG2_E, 0xBE87FED0L);
                case FLDPI -> push(x, 1, PI, 0xC4C6628BL);
                case FLDLG2 -> push(x, -2, LOG10_2, 0x8F8959ACL);
                case FLDLN2 -> push(x, -1, LN_2, 0xC9E3B398L);
                default -> X87.push(x, 0, 0);
            }
        }
        X87.end(cpu, insn, x);
    }

    /**
     * @param below the 32 bits that follow the significand
     */
    private static void push(X87State x, int exponent, long significand, long below) {
        boolean up =
                switch (Float80Rounder.mode(x)) {
                    case 0 -> below >>> 31 != 0;
                    case 2 -> true;
                    default -> false;
                };
        X87.push(x, Float80.BIAS + exponent, up ? significand + 1 : significand);
    }
}
