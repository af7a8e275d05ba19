package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Record;
import java.util.List;

/** Packs an instruction into the two words of a {@link Record}. */
final class RecordWriter {
    private static final int FIRST_KEPT_BASE =
            4; // FS and GS; the other bases count as zero in 64-bit code

    private RecordWriter() {}

    /**
     * Whether a RIP-relative operand's distance from the page start fits into the record's
     * displacement.
     */
    static boolean fits(Instruction insn, int offset) {
        if (insn.base() != Instruction.RIP) {
            return true;
        }
        long distance = fromPage(insn, offset);
        return distance == (int) distance;
    }

    private static long fromPage(Instruction insn, int offset) {
        return insn.displacement() + offset + insn.length();
    }

    static long word0(Instruction insn, int handler, boolean farOperand) {
        int a = registerA(insn);
        int b = insn.reg();
        long word =
                handler
                        | (long) (a & 15) << Record.A_SHIFT
                        | (long) (b & 15) << Record.B_SHIFT
                        | (long) insn.length() << Record.LENGTH_SHIFT
                        | (long) insn.segment() << Record.SEGMENT_SHIFT
                        | (long) addressSizeCode(insn) << Record.ADDRESS_SIZE_SHIFT;
        if ((a & Instruction.HIGH_BYTE) != 0) {
            word |= 1L << Record.A_HIGH_BIT;
        }
        if ((b & Instruction.HIGH_BYTE) != 0) {
            word |= 1L << Record.B_HIGH_BIT;
        }
        if (insn.encoding().has(Kind.VEX_REGISTER) || insn.encoding().has(Kind.XMM_VEX)) {
            word |= (long) insn.immediate2() << Record.C_SHIFT;
        }
        return word | addressing(insn, farOperand);
    }

    private static long addressing(Instruction insn, boolean farOperand) {
        int base =
                insn.base() == Instruction.RIP
                        ? farOperand ? Registers.FAR_OPERAND : Registers.CODE_PAGE
                        : Operands.slot(insn.base());
        boolean addsBase = insn.mode() != CodeMode.CODE64 || insn.segment() >= FIRST_KEPT_BASE;
        int segmentBase = addsBase ? Registers.SEGMENT_BASE + insn.segment() : Registers.ZERO;
        return (long) base << Record.BASE_SHIFT
                | (long) Operands.slot(insn.index()) << Record.INDEX_SHIFT
                | (long) insn.scale() << Record.SCALE_SHIFT
                | (long) segmentBase << Record.SEGMENT_BASE_SHIFT;
    }

    private static int addressSizeCode(Instruction insn) {
        return switch (insn.addressSize()) {
            case 2 -> 2;
            case 4 -> 1;
            default -> 0;
        };
    }

    /** ModRM.rm or the opcode's register; for rows like ADD rAX, imm the register they name. */
    private static int registerA(Instruction insn) {
        int fixed = 0;
        boolean hasFixed = false;
        List<Operand> operands = insn.encoding().operands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            switch (operand.kind()) {
                case REGISTER_OR_MEMORY, OPCODE_REGISTER, XMM_OR_MEMORY, MMX_OR_MEMORY -> {
                    return insn.memory() ? 0 : insn.rm();
                }
                case FIXED -> {
                    fixed = hasFixed ? fixed : operand.register();
                    hasFixed = true;
                }
                default -> {}
            }
        }
        return fixed;
    }

    static long word1(Instruction insn, int offset, boolean farOperand) {
        if (insn.encoding().has(Kind.RELATIVE)) {
            return Record.jumpWord1(insn.immediate() + offset + insn.length());
        }
        if (insn.encoding().has(Kind.OFFSET)) {
            return insn.displacement();
        }
        if (insn.encoding().hasWideImmediate(insn.width().size())) {
            return insn.immediate();
        }
        long displacement =
                insn.base() == Instruction.RIP
                        ? farOperand ? 0 : fromPage(insn, offset)
                        : insn.displacement();
        return Record.word1(displacement, immediate(insn));
    }

    private static long immediate(Instruction insn) {
        return insn.encoding().has(Kind.ONE) ? 1 : insn.immediate();
    }
}
