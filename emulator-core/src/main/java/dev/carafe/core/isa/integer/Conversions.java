package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.CBW;
import static dev.carafe.core.isa.Operation.CDQ;
import static dev.carafe.core.isa.Operation.CDQE;
import static dev.carafe.core.isa.Operation.CQO;
import static dev.carafe.core.isa.Operation.CWD;
import static dev.carafe.core.isa.Operation.CWDE;
import static dev.carafe.core.isa.Operation.MOVBE;
import static dev.carafe.core.isa.Operation.MOVSX;
import static dev.carafe.core.isa.Operation.MOVSXD;
import static dev.carafe.core.isa.Operation.MOVZX;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Unchanged;

/**
 * Sign and zero extension (SDM Vol. 1, "Type Conversion Instructions"), and MOVBE. No flag changes.
 */
public final class Conversions {
    private Conversions() {}

    /**
     * {@code sourceWidth} is the width of the source operand; the result is to be truncated to that
     * of the destination.
     */
    @Semantics({MOVSX, MOVSXD})
    public static long signExtend(Width sourceWidth, long source) {
        return sourceWidth.signExtend(source);
    }

    /** The source arrives truncated to its own width. */
    @Semantics(MOVZX)
    @Unchanged
    public static long zeroExtend(long source) {
        return source;
    }

    /** MOV with the bytes reversed; unlike BSWAP it has a 16-bit form. */
    @Semantics(MOVBE)
    public static long moveReversed(Width width, long source) {
        return Long.reverseBytes(source) >>> width.shift();
    }

    @Semantics(CBW)
    public static void byteToWord(Cpu cpu) {
        Accumulator.write(cpu, Registers.RAX, Width.W16, (byte) cpu.regs[Registers.RAX]);
    }

    @Semantics(CWDE)
    public static void wordToDoubleword(Cpu cpu) {
        Accumulator.write(cpu, Registers.RAX, Width.W32, (short) cpu.regs[Registers.RAX]);
    }

    @Semantics(CDQE)
    public static void doublewordToQuadword(Cpu cpu) {
        cpu.regs[Registers.RAX] = (int) cpu.regs[Registers.RAX];
    }

    @Semantics(CWD)
    public static void signOfWord(Cpu cpu) {
        Accumulator.write(cpu, Registers.RDX, Width.W16, (short) cpu.regs[Registers.RAX] >> 15);
    }

    @Semantics(CDQ)
    public static void signOfDoubleword(Cpu cpu) {
        Accumulator.write(cpu, Registers.RDX, Width.W32, (int) cpu.regs[Registers.RAX] >> 31);
    }

    @Semantics(CQO)
    public static void signOfQuadword(Cpu cpu) {
        cpu.regs[Registers.RDX] = cpu.regs[Registers.RAX] >> 63;
    }
}
