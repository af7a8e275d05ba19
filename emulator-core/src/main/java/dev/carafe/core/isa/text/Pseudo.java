package dev.carafe.core.isa.text;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import java.util.List;

/** Names that assemblers have for an instruction with a certain immediate. */
record Pseudo(String mnemonic, List<Operand> operands) {
    private static final String[] PREDICATES = {
        "eq",
        "lt",
        "le",
        "unord",
        "neq",
        "nlt",
        "nle",
        "ord",
        "eq_uq",
        "nge",
        "ngt",
        "false",
        "neq_oq",
        "ge",
        "gt",
        "true",
        "eq_os",
        "lt_oq",
        "le_oq",
        "unord_s",
        "neq_us",
        "nlt_uq",
        "nle_uq",
        "ord_s",
        "eq_us",
        "nge_uq",
        "ngt_uq",
        "false_os",
        "neq_os",
        "ge_oq",
        "gt_oq",
        "true_us"
    };
    private static final int SSE_PREDICATES = 8;

    /** Null if there is no other name. */
    static Pseudo of(Instruction instruction, Syntax syntax) {
        return switch (instruction.operation()) {
            case CMPPD, CMPPS, CMPSD_SSE, CMPSS -> comparison(instruction, SSE_PREDICATES);
            case VCMPPD, VCMPPS, VCMPSD, VCMPSS -> comparison(instruction, PREDICATES.length);
            case PCLMULQDQ -> multiplication(instruction);
            case BLENDVPD, BLENDVPS, PBLENDVB, SHA256RNDS2 ->
                    instruction.encoding().vex() ? null : implicitMask(instruction);
            case XCHG ->
                    instruction.encoding().has(Kind.OPCODE_REGISTER)
                            ? new Pseudo("xchg", instruction.encoding().operands().reversed())
                            : null;
            case NOP -> exchange(instruction);
            case MONITOR -> syntax == Syntax.ATT ? monitor(instruction) : null;
            case MWAIT ->
                    syntax == Syntax.ATT
                            ? new Pseudo("mwait", List.of(register(0), register(1)))
                            : null;
            default -> null;
        };
    }

    private static Pseudo comparison(Instruction instruction, int known) {
        int immediate = (int) instruction.immediate();
        if (immediate >= known) {
            return null;
        }
        String name = Mnemonics.plain(instruction);
        int type = name.length() - 2;
        return withoutImmediate(
                instruction,
                name.substring(0, type) + PREDICATES[immediate] + name.substring(type));
    }

    private static Pseudo multiplication(Instruction instruction) {
        int immediate = (int) instruction.immediate();
        if ((immediate & ~0x11) != 0) {
            return null;
        }
        String first = (immediate & 1) == 0 ? "l" : "h";
        String second = (immediate & 0x10) == 0 ? "l" : "h";
        String prefix = instruction.encoding().vex() ? "vpclmul" : "pclmul";
        return withoutImmediate(instruction, prefix + first + "q" + second + "qdq");
    }

    private static Pseudo withoutImmediate(Instruction instruction, String name) {
        List<Operand> operands = instruction.encoding().operands();
        return new Pseudo(name, operands.subList(0, operands.size() - 1));
    }

    /** A one-byte NOP with another operand size than its code has. */
    private static Pseudo exchange(Instruction instruction) {
        int size = instruction.width().size();
        boolean usual = size == (instruction.mode() == CodeMode.CODE16 ? 2 : 4);
        if (!instruction.encoding().operands().isEmpty() || usual || instruction.repeat() != 0) {
            return null;
        }
        Operand accumulator = new Operand(Kind.FIXED, size, 0);
        return new Pseudo("xchg", List.of(accumulator, accumulator));
    }

    private static Pseudo monitor(Instruction instruction) {
        Operand address = new Operand(Kind.FIXED, instruction.addressSize(), 0);
        return new Pseudo("monitor", List.of(address, register(1), register(2)));
    }

    private static Operand register(int number) {
        return new Operand(Kind.FIXED, 4, number);
    }

    /** XMM0 is an operand without being named by the encoding. */
    private static Pseudo implicitMask(Instruction instruction) {
        List<Operand> operands = instruction.encoding().operands();
        Operand mask = new Operand(Kind.XMM_IMMEDIATE, 16, -1);
        return new Pseudo(
                Mnemonics.plain(instruction), List.of(operands.get(0), operands.get(1), mask));
    }
}
