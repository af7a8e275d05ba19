package dev.carafe.core.isa.text;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import java.util.Locale;

/** What operations are called where that is not their name. */
final class Mnemonics {
    private Mnemonics() {}

    static String of(Instruction instruction, Syntax syntax) {
        boolean intel = syntax == Syntax.INTEL;
        boolean code64 = instruction.mode() == CodeMode.CODE64;
        boolean code16 = instruction.mode() == CodeMode.CODE16;
        int size = instruction.width().size();
        return switch (instruction.operation()) {
            case CALL_FAR -> intel ? "call" : sized(instruction, "lcall", false);
            case JMP_FAR -> intel ? "jmp" : sized(instruction, "ljmp", false);
            case RET_FAR -> sized(instruction, intel ? "retf" : "lret", intel);
            case IRET -> code16 ? "iret" : "iretw";
            case IRETD -> code16 ? intel ? "iretd" : "iretl" : "iret";
            case POPA, PUSHA, POPF, PUSHF -> plain(instruction) + (code16 ? "" : "w");
            case POPAD, PUSHAD, POPFD, PUSHFD ->
                    code16 ? intel ? plain(instruction) : cut(instruction) + "l" : cut(instruction);
            case POPFQ, PUSHFQ -> cut(instruction);
            case CBW -> intel ? "cbw" : "cbtw";
            case CWDE -> intel ? "cwde" : "cwtl";
            case CDQE -> intel ? "cdqe" : "cltq";
            case CWD -> intel ? "cwd" : "cwtd";
            case CDQ -> intel ? "cdq" : "cltd";
            case CQO -> intel ? "cqo" : "cqto";
            case MOVSX -> intel ? "movsx" : "movs" + source(instruction);
            case MOVZX -> intel ? "movzx" : "movz" + source(instruction);
            case MOVSXD -> intel || size == 2 ? "movsxd" : size == 4 ? "movsxd" : "movslq";
            case WAIT -> "fwait";
            case SAL -> "shl";
            case MOV -> movesAbsolute(instruction, code64) ? "movabs" : "mov";
            case PREFETCH -> prefetch(instruction);
            case SYSRET, SYSEXIT ->
                    plain(instruction) + (size == 8 ? "q" : code64 ? intel ? "d" : "l" : "");
            case RET, ENTER, LEAVE -> sized(instruction, plain(instruction), intel);
            case JMP, CALL -> plain(instruction) + branchSuffix(instruction, intel);
            case LGDT, LIDT, SGDT, SIDT -> plain(instruction) + tableSuffix(instruction, intel);
            case FXSAVE, FXRSTOR, XSAVE, XSAVEC, XSAVEOPT, XSAVES, XRSTOR, XRSTORS ->
                    plain(instruction) + (size == 8 ? "64" : "");
            case RDSSP, INCSSP, WRSS, WRUSS -> plain(instruction) + (size == 8 ? "q" : "d");
            case PUSH, POP -> plain(instruction) + stackSuffix(instruction, intel);
            case FSUB, FDIV -> plain(instruction) + (swapped(instruction, intel) ? "r" : "");
            case FSUBR, FDIVR ->
                    swapped(instruction, intel) ? cut(instruction) : plain(instruction);
            case FSUBP -> intel ? "fsubp" : "fsubrp";
            case FSUBRP -> intel ? "fsubrp" : "fsubp";
            case FDIVP -> intel ? "fdivp" : "fdivrp";
            case FDIVRP -> intel ? "fdivrp" : "fdivp";
            case FLDENV, FNSTENV, FNSAVE, FRSTOR ->
                    plain(instruction) + imageSuffix(instruction, intel);
            case INVALID -> "(bad)";
            default -> plain(instruction);
        };
    }

    static String plain(Instruction instruction) {
        String name = instruction.operation().name().toLowerCase(Locale.ROOT);
        int suffix = name.indexOf('_');
        if (suffix > 0) {
            name = name.substring(0, suffix);
        }
        boolean vector = instruction.encoding().needsAvxState() && name.charAt(0) != 'v';
        return vector ? "v" + name : name;
    }

    private static String cut(Instruction instruction) {
        String name = plain(instruction);
        return name.substring(0, name.length() - 1);
    }

    /** The suffix where the operand size is not the one that the code has anyway. */
    private static String sized(Instruction instruction, String name, boolean intel) {
        boolean code16 = instruction.mode() == CodeMode.CODE16;
        return switch (instruction.width().size()) {
            case 2 -> code16 ? name : name + "w";
            case 4 -> code16 ? name + (intel ? "d" : "l") : name;
            default ->
                    isFar(instruction) ? name + (intel && !name.equals("retf") ? "" : "q") : name;
        };
    }

    private static boolean isFar(Instruction instruction) {
        return switch (instruction.operation()) {
            case CALL_FAR, JMP_FAR, RET_FAR -> true;
            default -> false;
        };
    }

    /** Near jumps and calls: a register tells the size, and in Intel syntax memory does, too. */
    private static String branchSuffix(Instruction instruction, boolean intel) {
        boolean relative = instruction.encoding().has(Kind.RELATIVE);
        boolean told = !relative && (intel || !instruction.memory());
        if (told || instruction.encoding().notation().startsWith("EB")) {
            return "";
        }
        return sized(instruction, "", intel);
    }

    /** The size of a table register's image follows the operand size outside 64-bit code. */
    private static String tableSuffix(Instruction instruction, boolean intel) {
        return switch (instruction.width().size()) {
            case 2 -> "w";
            case 4 -> intel ? "d" : "l";
            default -> "";
        };
    }

    /** Where neither a register nor a memory operand tells the size, if it is not the code's. */
    private static String stackSuffix(Instruction instruction, boolean intel) {
        Operand operand = instruction.encoding().operands().getFirst();
        boolean told =
                switch (operand.kind()) {
                    case OPCODE_REGISTER -> true;
                    case REGISTER_OR_MEMORY -> intel || !instruction.memory();
                    default -> false;
                };
        int size = instruction.width().size();
        if (told) {
            return "";
        }
        return instruction.mode() == CodeMode.CODE16
                ? size == 2 ? "" : intel ? "d" : "l"
                : size == 2 ? "w" : "";
    }

    private static String imageSuffix(Instruction instruction, boolean intel) {
        int size = instruction.width().size();
        if (instruction.mode() == CodeMode.CODE16) {
            return size == 2 ? "" : intel ? "d" : "l";
        }
        return size == 2 ? intel ? "w" : "s" : "";
    }

    /** AT&amp;T syntax has these names the wrong way round when the destination is not the top. */
    private static boolean swapped(Instruction instruction, boolean intel) {
        return !intel && instruction.encoding().operands().getFirst().kind() == Kind.ST_I;
    }

    private static String source(Instruction instruction) {
        return instruction.encoding().operands().get(1).size() == 1 ? "b" : "w";
    }

    private static boolean movesAbsolute(Instruction instruction, boolean code64) {
        return instruction.encoding().hasWideImmediate(instruction.width().size())
                || instruction.encoding().has(Kind.OFFSET)
                        && code64
                        && instruction.addressSize() == Long.BYTES;
    }

    private static String prefetch(Instruction instruction) {
        boolean amd = instruction.encoding().notation().startsWith("0F 0D");
        if (amd) {
            return switch (instruction.reg() & 7) {
                case 1 -> "prefetchw";
                case 2 -> "prefetchwt1";
                default -> "prefetch";
            };
        }
        int hint = instruction.reg() & 7;
        return hint == 0 ? "prefetchnta" : "prefetcht" + (hint - 1);
    }
}
