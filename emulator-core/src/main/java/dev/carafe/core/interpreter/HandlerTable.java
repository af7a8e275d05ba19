package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.ModeKey;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.memory.PhysicalBus;
import dev.carafe.core.weave.HandlerIndex;
import java.util.function.Consumer;

/**
 * The handlers of one machine, shared by its vCPUs as the code they share names handlers by number;
 * loaded when the first record needs them. A vCPU reads the array without a lock: an element is
 * stored before the record that names it is published.
 */
public final class HandlerTable {
    final Handler[] handlers;
    private final HandlerIndex index;
    private final HotRegions regions;

    /** For processors without a machine: a defect of the weaver's ends its thread. */
    public HandlerTable(HandlerIndex index, PhysicalBus memory) {
        this(index, memory, HandlerTable::fail);
    }

    /**
     * @param memory whose code it is
     * @param defects told of a defect of Carafe's own that no vCPU's thread has come upon
     */
    public HandlerTable(HandlerIndex index, PhysicalBus memory, Consumer<Throwable> defects) {
        this(index, memory, HotRegions.Policy.WHEN_HOT, defects);
    }

    /**
     * @param policy when regions are woven
     */
    HandlerTable(
            HandlerIndex index,
            PhysicalBus memory,
            HotRegions.Policy policy,
            Consumer<Throwable> defects) {
        this.index = index;
        handlers = new Handler[HandlerIndex.CAPACITY];
        regions = new HotRegions(this, memory.ramOfVcpus(), policy, defects);
        PseudoHandlers.install(handlers);
    }

    static void fail(Throwable defect) {
        throw new AssertionError("while a region was woven", defect);
    }

    /** The handler's number for an instruction in code of a mode, loaded. */
    int select(Instruction instruction, int modeKey) {
        if (modeKey >= ModeKey.SHADOW_STACK) {
            int enforced = enforced(instruction, modeKey);
            if (enforced != 0) {
                return enforced;
            }
        }
        int unavailable = unavailable(instruction.encoding(), modeKey);
        return unavailable == 0 ? load(index.select(instruction)) : unavailable;
    }

    /** What stands for an instruction under control-flow enforcement, or 0. */
    private static int enforced(Instruction instruction, int modeKey) {
        if ((modeKey & ModeKey.WAITING) != 0) {
            boolean code64 = ModeKey.codeMode(modeKey) == CodeMode.CODE64;
            return instruction.operation() == (code64 ? Operation.ENDBR64 : Operation.ENDBR32)
                    ? PseudoHandlers.END_BRANCH
                    : PseudoHandlers.NO_END_BRANCH;
        }
        boolean relative = instruction.encoding().has(Operand.Kind.RELATIVE);
        boolean tracking = (modeKey & ModeKey.TRACKING) != 0;
        boolean shadow = (modeKey & ModeKey.SHADOW_STACK) != 0;
        boolean special =
                switch (instruction.operation()) {
                    case CALL -> shadow || !relative;
                    case RET -> shadow;
                    case JMP -> tracking && !relative;
                    default -> false;
                };
        return special ? PseudoHandlers.TRACKED : 0;
    }

    /** What stands for an instruction whose registers are disabled, or 0. */
    private static int unavailable(Encoding encoding, int modeKey) {
        if (encoding.needsAvxState()) {
            return (modeKey & ModeKey.AVX) == 0 ? PseudoHandlers.NO_AVX : 0;
        }
        if ((modeKey & ModeKey.SSE) == 0 && encoding.hasVectors()) {
            return PseudoHandlers.NO_SSE;
        }
        return (modeKey & ModeKey.X87) == 0 && encoding.hasMmx() ? PseudoHandlers.NO_MMX : 0;
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

    /** The handler that executes one record alone, where this one goes on to further records. */
    int firstHalf(int number) {
        return index.firstHalf(regions.first(number));
    }

    HotRegions regions() {
        return regions;
    }
}
