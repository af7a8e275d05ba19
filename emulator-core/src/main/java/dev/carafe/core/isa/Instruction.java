package dev.carafe.core.isa;

import dev.carafe.core.cpu.Width;

/**
 * One decoded instruction; immutable.
 *
 * <p>Register numbers are 0 to 15; an 8-bit operand that names AH, CH, DH or BH carries {@link
 * #HIGH_BYTE} and 0 to 3.
 *
 * @param encoding the table row
 * @param mode the code it was decoded as
 * @param width operand size: W16, W32 or W64; W8 where the row's general operands have 8 bits
 * @param addressSize bytes of an address: 2, 4 or 8
 * @param length bytes of the whole instruction, 1 to 15
 * @param repeat 0, or the prefix F2h or F3h
 * @param lock whether F0h was given
 * @param segment of the memory operand, override and defaults applied: 0 to 5 for ES CS SS DS FS GS
 * @param memory whether ModRM.rm (or moffs) names memory
 * @param reg ModRM.reg with REX.R
 * @param rm ModRM.rm with REX.B when it names a register, or the register in the opcode
 * @param base register number, {@link #NO_REGISTER}, or {@link #RIP}
 * @param index register number or {@link #NO_REGISTER}
 * @param scale 0 to 3: the index is shifted left by it
 * @param displacement sign-extended; for {@link #RIP} relative to the next instruction; for moffs
 *     the whole address
 * @param immediate sign- or zero-extended as its operand says; for RELATIVE the signed distance
 *     from the next instruction; for FAR_POINTER the offset
 * @param immediate2 ENTER's level, FAR_POINTER's selector
 */
public record Instruction(
        Encoding encoding,
        CodeMode mode,
        Width width,
        int addressSize,
        int length,
        int repeat,
        boolean lock,
        int segment,
        boolean memory,
        int reg,
        int rm,
        int base,
        int index,
        int scale,
        long displacement,
        long immediate,
        int immediate2) {
    public static final int NO_REGISTER = -1;
    public static final int RIP = -2;
    public static final int HIGH_BYTE = 0x20;
    public static final int REPNE = 0xF2;
    public static final int REP = 0xF3;

    public Operation operation() {
        return encoding.operation();
    }
}
