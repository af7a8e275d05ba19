package dev.carafe.core.isa.text;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import java.util.List;

/** The size suffix of AT&amp;T mnemonics, given where no register tells the size. */
final class AttSuffix {
    private AttSuffix() {}

    static String of(Instruction instruction, String mnemonic) {
        List<Operand> operands = instruction.encoding().operands();
        return switch (instruction.operation()) {
            case MOVSX, MOVZX -> letter(instruction.width().size());
            case NOP -> instruction.memory() ? letter(instruction.width().size()) : "";
            case CRC32 ->
                    instruction.memory()
                            ? letter(operands.get(1).sizeFor(instruction.width().size()))
                            : "";
            case CVTPD2PS, CVTPD2DQ, CVTTPD2DQ ->
                    instruction.memory() && instruction.encoding().vex()
                            ? operands.get(1).size() == 16 ? "x" : "y"
                            : "";
            case INC,
                    DEC,
                    NEG,
                    NOT,
                    MUL,
                    IMUL,
                    DIV,
                    IDIV,
                    ADD,
                    ADC,
                    SUB,
                    SBB,
                    AND,
                    OR,
                    XOR,
                    CMP,
                    TEST,
                    RCL,
                    RCR,
                    ROL,
                    ROR,
                    SAL,
                    SAR,
                    SHL,
                    SHR,
                    BT,
                    BTC,
                    BTR,
                    BTS,
                    MOV ->
                    general(instruction, operands);
            case CVTSI2SD, CVTSI2SS ->
                    instruction.memory() && instruction.mode() == CodeMode.CODE64
                            ? letter(instruction.width().size())
                            : "";
            case FADD, FMUL, FSUB, FSUBR, FDIV, FDIVR, FCOM, FCOMP, FLD, FST, FSTP ->
                    instruction.memory() ? real(operands.getFirst().size()) : "";
            case FIADD,
                    FIMUL,
                    FISUB,
                    FISUBR,
                    FIDIV,
                    FIDIVR,
                    FICOM,
                    FICOMP,
                    FILD,
                    FIST,
                    FISTP,
                    FISTTP ->
                    integer(operands.getFirst().size());
            default -> "";
        };
    }

    private static String general(Instruction instruction, List<Operand> operands) {
        if (!instruction.memory()) {
            return "";
        }
        for (Operand operand : operands) {
            boolean count = operand.kind() == Kind.FIXED && operand.register() == 1;
            switch (operand.kind()) {
                case REGISTER, FIXED, SEGMENT_REGISTER -> {
                    if (!count) {
                        return "";
                    }
                }
                default -> {}
            }
        }
        return letter(operands.getFirst().sizeFor(instruction.width().size()));
    }

    private static String letter(int size) {
        return switch (size) {
            case 1 -> "b";
            case 2 -> "w";
            case 4 -> "l";
            default -> "q";
        };
    }

    private static String real(int size) {
        return switch (size) {
            case 4 -> "s";
            case 8 -> "l";
            default -> "t";
        };
    }

    private static String integer(int size) {
        return switch (size) {
            case 2 -> "s";
            case 4 -> "l";
            default -> "ll";
        };
    }
}
