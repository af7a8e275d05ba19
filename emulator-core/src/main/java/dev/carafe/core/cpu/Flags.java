package dev.carafe.core.cpu;

/**
 * The six status flags (SDM Vol. 1, "Status Flags"), kept as what they are computed from and
 * computed when asked.
 *
 * <p>{@code result} is the sign-extended result: ZF is "is it zero", SF its sign, PF the parity of
 * its low byte. {@code carries} holds the carry (or borrow) out of each bit position, moved up so
 * that the operand's top bit is bit 63: CF is bit 63, OF is bit 63 ⊕ bit 62. Its low bits, which no
 * flag rule needs, hold AF (bit 3) and the corrections that make states representable that no
 * result has, such as ZF and SF both set: bit 0 inverts SF, bits 15:8 are added (exclusive or) to
 * the byte whose parity is PF.
 *
 * <p>Used by its vCPU's thread only.
 */
public final class Flags {
    public static final int CF = 1;
    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int OF = 1 << 11;
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;

    private static final long AUXILIARY = 1L << 3;
    private static final long SIGN_INVERTED = 1L;
    private static final int PARITY_SHIFT = 8;

    /** A result that is not zero and whose low byte is: ZF clear, SF clear, PF set. */
    private static final long NOT_ZERO = 0x100;

    private static final long CARRY = 1L << 63;
    private static final long CARRY_AND_BELOW = 3L << 62;

    private long result;
    private long carries;

    // ---- rules

    /** ADD, ADC, XADD: operands and result truncated to the width. */
    public void afterAdd(Width width, long a, long b, long sum) {
        carriesOf(width, (a & b) | ((a | b) & ~sum));
        result = width.signExtend(sum);
    }

    /** SUB, SBB, CMP, NEG (a = 0), CMPXCHG, SCAS, CMPS. */
    public void afterSubtract(Width width, long a, long b, long difference) {
        carriesOf(width, (~a & b) | ((~a | b) & difference));
        result = width.signExtend(difference);
    }

    /** AND, OR, XOR, TEST: CF and OF cleared; AF, which is undefined, cleared as processors do. */
    public void afterLogic(Width width, long value) {
        carries = 0;
        result = width.signExtend(value);
    }

    /** INC: as ADD 1, but CF stays. */
    public void afterIncrement(Width width, long a, long sum) {
        keepingCarry(width, (a & 1) | ((a | 1) & ~sum));
        result = width.signExtend(sum);
    }

    /** DEC: as SUB 1, but CF stays. */
    public void afterDecrement(Width width, long a, long difference) {
        keepingCarry(width, (~a & 1) | ((~a | 1) & difference));
        result = width.signExtend(difference);
    }

    /**
     * Shifts and multiplications: SF, ZF and PF from the value, CF and OF as given (0 or 1), AF
     * cleared.
     */
    public void afterShift(Width width, long value, long carry, long overflow) {
        carries = carry << 63 | (carry ^ overflow) << 62;
        result = width.signExtend(value);
    }

    /**
     * MUL and IMUL: SF and PF from the low half, CF and OF as given (0 or 1), AF and ZF cleared as
     * processors do.
     */
    public void afterMultiply(Width width, long low, long tooLong) {
        carries = tooLong << 63; // bit 62 clear: OF equals CF
        result = low == 0 ? NOT_ZERO : width.signExtend(low);
    }

    /**
     * BMI, LZCNT, TZCNT: SF and ZF from the value, CF as given (0 or 1), the others cleared; PF,
     * undefined, as processors do.
     */
    public void afterBitManipulation(Width width, long value, long carry) {
        long evenParity = ~Long.bitCount(value & 0xFF) & 1;
        carries = carry << 63 | carry << 62 | evenParity << PARITY_SHIFT;
        result = width.signExtend(value);
    }

    private void carriesOf(Width width, long vector) {
        carries = vector << width.shift() & meaningful(width) | vector & AUXILIARY;
    }

    /**
     * In 64-bit width the vector's low bits reach into the corrections' place and are cut off; OF
     * and CF need two bits.
     */
    private static long meaningful(Width width) {
        return width.bits() == 64 ? CARRY_AND_BELOW : -1L;
    }

    private void keepingCarry(Width width, long vector) {
        long shifted = vector << width.shift();
        long overflow = (shifted ^ shifted << 1) >>> 63;
        long carry = carries >>> 63;
        carries = carry << 63 | (carry ^ overflow) << 62 | vector & AUXILIARY;
    }

    // ---- single flags

    public boolean carry() {
        return carries < 0;
    }

    /** CF as 0 or 1. */
    public long carryBit() {
        return carries >>> 63;
    }

    public boolean zero() {
        return result == 0;
    }

    public boolean sign() {
        return (result ^ (carries & SIGN_INVERTED) << 63) < 0;
    }

    public boolean overflow() {
        return (carries ^ carries << 1) < 0;
    }

    public boolean parity() {
        return (Long.bitCount((result ^ carries >>> PARITY_SHIFT) & 0xFF) & 1) == 0;
    }

    public boolean auxiliary() {
        return (carries & AUXILIARY) != 0;
    }

    /** SF ≠ OF, the condition "less". */
    public boolean less() {
        return (result ^ (carries & SIGN_INVERTED) << 63 ^ carries ^ carries << 1) < 0;
    }

    public void setCarry(boolean value) {
        setCarryAndOverflow(value, overflow());
    }

    public void setOverflow(boolean value) {
        setCarryAndOverflow(carry(), value);
    }

    public void setAuxiliary(boolean value) {
        carries = value ? carries | AUXILIARY : carries & ~AUXILIARY;
    }

    public void setCarryAndOverflow(boolean carry, boolean overflow) {
        carries =
                carries & ~CARRY_AND_BELOW
                        | (carry ? CARRY : 0)
                        | (carry != overflow ? CARRY >>> 1 : 0);
    }

    public void setZero(boolean value) {
        set(value ? get() | ZF : get() & ~ZF);
    }

    // ---- all of them

    /** The status flags at their places in RFLAGS; all other bits 0. */
    public int get() {
        return (carry() ? CF : 0)
                | (parity() ? PF : 0)
                | (auxiliary() ? AF : 0)
                | (zero() ? ZF : 0)
                | (sign() ? SF : 0)
                | (overflow() ? OF : 0);
    }

    /** Takes the status flags from an RFLAGS image; other bits of it are ignored. */
    public void set(long image) {
        // Zero and NOT_ZERO both have SF clear and PF set; the corrections do the rest.
        result = (image & ZF) != 0 ? 0 : NOT_ZERO;
        long parityCorrection = (image & PF) != 0 ? 0 : 1L << PARITY_SHIFT;
        long signCorrection = (image & SF) != 0 ? SIGN_INVERTED : 0;
        carries = parityCorrection | signCorrection;
        setAuxiliary((image & AF) != 0);
        setCarryAndOverflow((image & CF) != 0, (image & OF) != 0);
    }
}
