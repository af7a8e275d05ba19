package dev.carafe.core.isa.control;

import dev.carafe.core.cpu.ControlFlow;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operands;

/**
 * Near CALL, RET and indirect JMP where a shadow stack is used or indirect branches are tracked
 * (SDM Vol. 2, CALL, JMP, RET). Ordinary code has {@link Near} instead: the mode key decides when
 * it is decoded.
 */
public final class TrackedBranches {
    private static final int NO_TRACK_PREFIX = 0x3E;
    private static final int LONGEST_PREFIXES = 4;

    private TrackedBranches() {}

    /** Executes the instruction; RIP and the next one's address are exact. */
    public static void execute(Cpu cpu, Instruction insn) {
        switch (insn.operation()) {
            case CALL -> call(cpu, insn);
            case RET -> ret(cpu, insn);
            default -> {
                long target = Operands.read(cpu, insn, 0);
                checkReachable(cpu, target);
                cpu.nextRip = target;
                track(cpu, insn);
            }
        }
    }

    private static void call(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        boolean relative = insn.encoding().has(Operand.Kind.RELATIVE);
        long target =
                relative
                        ? width.truncate(cpu.nextRip + insn.immediate())
                        : Operands.read(cpu, insn, 0);
        checkReachable(cpu, target);
        boolean shadow = cpu.flow.hasShadowStack() && target != cpu.nextRip;
        int size = cpu.control.codeIs64() ? 8 : 4;
        boolean user = cpu.cpl == 3;
        if (shadow) {
            cpu.memory.shadowStack.checkWrite(cpu.flow.ssp - size, user, size);
        }
        Stack.push(cpu, width, cpu.nextRip);
        if (shadow) {
            cpu.flow.ssp -= size;
            cpu.memory.shadowStack.store(cpu.flow.ssp, user, size, cpu.nextRip);
        }
        cpu.nextRip = target;
        if (!relative) {
            track(cpu, insn);
        }
    }

    private static void ret(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long extra = insn.encoding().operands().isEmpty() ? 0 : insn.immediate() & 0xFFFF;
        long target = Stack.peek(cpu, width);
        checkReachable(cpu, target);
        if (cpu.flow.hasShadowStack()) {
            int size = cpu.control.codeIs64() ? 8 : 4;
            long kept = cpu.memory.shadowStack.load(cpu.flow.ssp, cpu.cpl == 3, size);
            if (kept != target) {
                throw ControlFlow.fault(ControlFlow.NEAR_RETURN);
            }
            cpu.flow.ssp += size;
        }
        Stack.release(cpu, width.size() + extra);
        cpu.nextRip = target;
    }

    private static void track(Cpu cpu, Instruction insn) {
        boolean exempt =
                cpu.flow.allows(ControlFlow.NO_TRACK) && hasNoTrackPrefix(cpu, insn.length());
        if (!exempt) {
            cpu.flow.expectEndBranch();
        }
    }

    /** The decoder forgets a prefix that means nothing elsewhere; its byte tells. */
    private static boolean hasNoTrackPrefix(Cpu cpu, int length) {
        long at = cpu.rip + (cpu.control.codeIs64() ? 0 : cpu.segments.base(Segments.CS));
        for (int i = 0; i < Math.min(length - 2, LONGEST_PREFIXES); i++) {
            try {
                if (cpu.memory.load(at + i, 1) == NO_TRACK_PREFIX) {
                    return true;
                }
            } catch (CpuFault unreadable) {
                return false; // code that may be executed and not read
            }
        }
        return false;
    }

    private static void checkReachable(Cpu cpu, long target) {
        boolean reachable =
                cpu.control.codeIs64()
                        ? cpu.control.canonical(target)
                        : Long.compareUnsigned(
                                        target,
                                        Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]))
                                <= 0;
        if (!reachable) {
            throw CpuFault.generalProtection(0);
        }
    }
}
