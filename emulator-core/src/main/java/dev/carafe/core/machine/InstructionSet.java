package dev.carafe.core.machine;

import dev.carafe.core.isa.decode.OpcodeTables;
import dev.carafe.core.weave.HandlerIndex;

/**
 * What every machine of this program decodes with: the opcode tables and the index of woven
 * handlers. Immutable; loading it takes a good part of a start, so whoever starts machines loads it
 * once and beside other work.
 */
public final class InstructionSet {
    private final OpcodeTables opcodes;
    private final HandlerIndex handlers;

    private InstructionSet(OpcodeTables opcodes, HandlerIndex handlers) {
        this.opcodes = opcodes;
        this.handlers = handlers;
    }

    public static InstructionSet load() {
        return new InstructionSet(OpcodeTables.load(), HandlerIndex.load());
    }

    OpcodeTables opcodes() {
        return opcodes;
    }

    HandlerIndex handlers() {
        return handlers;
    }
}
