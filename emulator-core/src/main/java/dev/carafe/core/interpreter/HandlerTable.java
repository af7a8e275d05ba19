package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.ControlRegisters;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.weave.HandlerIndex;

/**
 * The handlers of one machine, shared by its vCPUs as the code they share names handlers by number;
 * loaded when the first record needs them. A vCPU reads the array without a lock: an element is
 * stored before the record that names it is published.
 */
public final class HandlerTable {
    final Handler[] handlers;
    private final HandlerIndex index;

    public HandlerTable(HandlerIndex index) {
        this.index = index;
        handlers = new Handler[HandlerIndex.CAPACITY];
        PseudoHandlers.install(handlers);
    }

    /** The handler's number for an instruction in code of a mode, loaded. */
    int select(Instruction instruction, int modeKey) {
        if ((modeKey & ControlRegisters.KEY_SSE) == 0
                && usesVectorRegisters(instruction.encoding())) {
            return PseudoHandlers.NO_SSE;
        }
        return load(index.select(instruction));
    }

    private static boolean usesVectorRegisters(Encoding encoding) {
        return encoding.has(Operand.Kind.XMM) || encoding.has(Operand.Kind.XMM_OR_MEMORY);
    }

    /** The number of the handler that does both, or 0 when there is none. */
    int fuse(int first, int second) {
        int fused = index.fused(first, second);
        return fused == 0 ? 0 : load(fused);
    }

    private synchronized int load(int number) {
        if (handlers[number] == null) {
            handlers[number] = index.instantiate(number);
        }
        return number;
    }

    /** The first half of a fused handler, or the handler itself. */
    int firstHalf(int number) {
        return index.firstHalf(number);
    }
}
