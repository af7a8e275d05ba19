package dev.carafe.core.isa;

/**
 * One operand of an encoding, as the manual's operand columns name it.
 *
 * @param kind where it is
 * @param size bytes, or {@link #BY_OPERAND_SIZE}
 * @param register for {@link Kind#FIXED}: the register number
 */
public record Operand(Kind kind, int size, int register) {
    /** The operand has the size that the operand-size rules give: 2, 4 or 8 bytes. */
    public static final int BY_OPERAND_SIZE = 0;

    /** Where an operand is found. */
    public enum Kind {
        /** r8, rW: ModRM.reg. */
        REGISTER,
        /** r/m8, r/mW: ModRM.rm, register or memory. */
        REGISTER_OR_MEMORY,
        /** m…: ModRM.rm, memory only; a register form is #UD. */
        MEMORY,
        /** vY: VEX.vvvv; {@link Instruction#immediate2} holds the register number. */
        VEX_REGISTER,
        /** +rb, +rW: the low three bits of the opcode. */
        OPCODE_REGISTER,
        /** AL, rAX, CL, DX: named by the opcode. */
        FIXED,
        /**
         * imm8, imm16, immW: sign-extended where the manual says so, otherwise zero-extended to the
         * operand's size.
         */
        IMMEDIATE,
        /** The constant 1 of the shift group. */
        ONE,
        /** moffs: a full address in the instruction. */
        OFFSET,
        /** rel8, rel16, rel32. */
        RELATIVE,
        /** ptr16:16, ptr16:32. */
        FAR_POINTER,
        /**
         * Sreg: ModRM.reg, or fixed by the opcode ({@code register} then holds it, otherwise −1).
         */
        SEGMENT_REGISTER,
        CONTROL_REGISTER,
        DEBUG_REGISTER,
        /** ST: the top of the x87 stack. */
        ST_0,
        /** STi: ModRM.rm, a register of the x87 stack; REX.B is ignored. */
        ST_I,
        /** xmm: ModRM.reg. */
        XMM,
        /** xmm/m…: ModRM.rm; {@code size} is that of the memory form. */
        XMM_OR_MEMORY,
        /** vxmm, vymm: VEX.vvvv; {@link Instruction#immediate2} holds the register number. */
        XMM_VEX,
        /** ixmm, iymm: the upper four bits of the immediate (the manual's /is4). */
        XMM_IMMEDIATE,
        /**
         * vm32x to vm64y: memory at a base plus each element of an index register; {@code size} is
         * that of an index, {@code register} the bytes of the index register.
         */
        VECTOR_INDEXED,
        /** mm: ModRM.reg; REX.R is ignored. */
        MMX,
        /** mm/m…: ModRM.rm; REX.B is ignored for a register. */
        MMX_OR_MEMORY;

        /** Its place in a set of kinds. */
        long bit() {
            return 1L << ordinal();
        }
    }

    /** The operand's size in bytes when the operand-size rules give {@code operandSize}. */
    public int sizeFor(int operandSize) {
        return size == BY_OPERAND_SIZE ? operandSize : size;
    }
}
