package dev.carafe.core.isa.text;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;

/** The sizes that Intel syntax writes before memory operands. */
final class MemorySizes {
    private static final int SELECTOR = 2;

    private MemorySizes() {}

    static int of(Instruction instruction, Operand operand, int size) {
        return switch (instruction.operation()) {
            case LEA,
                    LGDT,
                    LIDT,
                    SGDT,
                    SIDT,
                    FLDENV,
                    FNSTENV,
                    FNSAVE,
                    FRSTOR,
                    FXSAVE,
                    FXRSTOR,
                    XSAVE,
                    XSAVEC,
                    XSAVEOPT,
                    XSAVES,
                    XRSTOR,
                    XRSTORS,
                    INVPCID,
                    MOVDIR64B,
                    WRSS,
                    WRUSS,
                    LDDQU ->
                    Notation.NO_SIZE;
            case LDS, LES, LFS, LGS, LSS, CALL_FAR, JMP_FAR -> size + SELECTOR;
            case BOUND -> 2 * size;
            case VGATHERDPD, VGATHERQPD, VPGATHERDQ, VPGATHERQQ -> 8;
            case VGATHERDPS, VGATHERQPS, VPGATHERDD, VPGATHERQD -> 4;
            default -> operand.kind() == Operand.Kind.OFFSET ? Notation.NO_SIZE : size;
        };
    }
}
