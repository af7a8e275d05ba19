package dev.carafe.core.interpreter;

import dev.carafe.core.isa.Operation;

/** Which operations are never followed by the instruction behind them. */
final class Flow {
    private Flow() {}

    /** Branches that are taken always. */
    static boolean alwaysBranches(Operation operation) {
        return operation != Operation.HLT && endsStretch(operation);
    }

    /**
     * Decoding ahead stops behind these: what follows may not be code, or is reached by a return,
     * if ever.
     */
    static boolean endsStretch(Operation operation) {
        return switch (operation) {
            case JMP,
                    JMP_FAR,
                    CALL,
                    CALL_FAR,
                    RET,
                    RET_FAR,
                    IRET,
                    IRETD,
                    IRETQ,
                    SYSRET,
                    SYSEXIT,
                    SYSCALL,
                    SYSENTER,
                    INT,
                    HLT,
                    UD0,
                    UD1,
                    UD2,
                    INVALID ->
                    true;
            default -> false;
        };
    }
}
