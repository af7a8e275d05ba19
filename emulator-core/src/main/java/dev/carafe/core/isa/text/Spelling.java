package dev.carafe.core.isa.text;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operation;
import java.util.List;

/** What one instruction is called, and which operands with which sizes are written. */
final class Spelling {
    private final Instruction instruction;
    private final String mnemonic;
    private final List<Operand> operands;

    private Spelling(Instruction instruction, Syntax syntax) {
        this.instruction = instruction;
        Pseudo pseudo = Pseudo.of(instruction, syntax);
        String base = pseudo == null ? Mnemonics.of(instruction, syntax) : pseudo.mnemonic();
        operands = pseudo == null ? instruction.encoding().operands() : pseudo.operands();
        mnemonic = syntax == Syntax.INTEL ? base : base + AttSuffix.of(instruction, base);
    }

    static Spelling of(Instruction instruction, Syntax syntax) {
        return new Spelling(instruction, syntax);
    }

    String mnemonic() {
        return mnemonic;
    }

    List<Operand> operands() {
        return operands;
    }

    String prefix() {
        String lock = instruction.lock() ? "lock " : "";
        int repeat = instruction.repeat();
        if (repeat == 0) {
            return lock;
        }
        boolean first = repeat == Instruction.REP;
        if (takesHint()) {
            return lock + (first ? "xrelease " : "xacquire ");
        }
        if (!first && isBranch(instruction.operation())) {
            return "bnd " + lock;
        }
        return lock + (first ? "repz " : "repnz ");
    }

    /** Where F2 and F3 are hints for lock elision. */
    private boolean takesHint() {
        if (!instruction.memory()) {
            return false;
        }
        Operation operation = instruction.operation();
        Encoding encoding = instruction.encoding();
        return instruction.lock()
                || operation == Operation.XCHG
                || operation == Operation.MOV
                        && instruction.repeat() == Instruction.REP
                        && encoding.operands().getFirst().kind() == Kind.REGISTER_OR_MEMORY;
    }

    private static boolean isBranch(Operation operation) {
        return switch (operation) {
            case CALL, JMP, RET -> true;
            default ->
                    operation.compareTo(Operation.JO) >= 0
                            && operation.compareTo(Operation.JG) <= 0;
        };
    }

    /** ENTER and BOUND keep the manual's order in every syntax. */
    boolean manualOrder() {
        return switch (instruction.operation()) {
            case ENTER, BOUND, MONITOR, MWAIT -> true;
            default -> false;
        };
    }

    boolean indirect() {
        return switch (instruction.operation()) {
            case CALL, JMP -> true;
            case CALL_FAR, JMP_FAR -> instruction.memory();
            default -> false;
        };
    }

    boolean isPort(Operand operand) {
        Operation operation = instruction.operation();
        return operand.kind() == Kind.FIXED
                && operand.register() == Registers.RDX
                && (operation == Operation.IN || operation == Operation.OUT);
    }

    boolean isSecondImmediate(Operand operand) {
        return instruction.operation() == Operation.ENTER && operand.size() == 1;
    }

    /** Whether ModRM.reg holds an address. */
    boolean addressRegister() {
        return instruction.operation() == Operation.MOVDIR64B;
    }

    /** Bytes of the general register that is written for a register-or-memory operand. */
    int registerSize(int size) {
        return switch (instruction.operation()) {
            case MOV ->
                    instruction.encoding().has(Kind.SEGMENT_REGISTER)
                            ? instruction.width().size()
                            : size;
            case LAR, LSL -> instruction.width().size();
            case PINSRW -> 4;
            default -> size;
        };
    }

    /**
     * Bytes of the memory operand as the manual's notation names them, or 0 where it names none.
     */
    int memorySize(Operand operand) {
        int size = operand.sizeFor(instruction.width().size());
        return MemorySizes.of(instruction, operand, size);
    }
}
