package dev.carafe.core.isa.control;

import static dev.carafe.core.isa.Operation.CALL;
import static dev.carafe.core.isa.Operation.JMP;
import static dev.carafe.core.isa.Operation.RET;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.Semantics;

/**
 * Near jumps, calls and returns (SDM Vol. 2, JMP, CALL, RET), over records: a jump inside the page
 * goes straight to the target's record, every other one leaves the page.
 *
 * <p>Backward jumps and returns are where a vCPU notices events and the end of its budget.
 */
public final class Near {
    private static final long PAGE_OFFSET = CodePage.SIZE - 1;

    private Near() {}

    /** JMP rel, and the taken half of Jcc. */
    @Semantics(JMP)
    public static int jumpRelative(Cpu cpu, long[] code, int pc, Width width) {
        int link = Record.link(code[pc + 1]);
        if (link > pc || link != 0 && mayStay(cpu)) {
            cpu.executedBase += (pc - link >> 1) + 1;
            return link;
        }
        long target = target(cpu, code[pc + 1], width);
        checkReachable(cpu, pc, target);
        if (link == 0) {
            cpu.unlinkedJump = pc;
        }
        return leave(cpu, pc, target);
    }

    @Semantics(JMP)
    public static int jumpIndirect(Cpu cpu, long[] code, int pc, Width width, long target) {
        checkReachable(cpu, pc, target);
        return go(cpu, code, pc, target);
    }

    @Semantics(CALL)
    public static int callRelative(Cpu cpu, long[] code, int pc, Width width) {
        long target = target(cpu, code[pc + 1], width);
        checkReachable(cpu, pc, target);
        Stack.push(cpu, width, returnAddress(cpu, code, pc));
        int link = Record.link(code[pc + 1]);
        if (link != 0 && mayStay(cpu)) {
            cpu.executedBase += (pc - link >> 1) + 1;
            return link;
        }
        if (link == 0) {
            cpu.unlinkedJump = pc;
        }
        return leave(cpu, pc, target);
    }

    @Semantics(CALL)
    public static int callIndirect(Cpu cpu, long[] code, int pc, Width width, long target) {
        checkReachable(cpu, pc, target);
        Stack.push(cpu, width, returnAddress(cpu, code, pc));
        return go(cpu, code, pc, target);
    }

    /** RET, and RET imm16, whose count is the record's immediate (0 without one). */
    @Semantics(RET)
    public static int ret(Cpu cpu, long[] code, int pc, Width width) {
        long target = Stack.peek(cpu, width);
        checkReachable(cpu, pc, target);
        Stack.release(cpu, width.size() + Record.immediate(code[pc + 1]));
        return go(cpu, code, pc, target);
    }

    /**
     * Continues at {@code target}, which is reachable: in this page when it is decoded there
     * already, otherwise through the run loop.
     */
    private static int go(Cpu cpu, long[] code, int pc, long target) {
        long offset = target - cpu.regs[Registers.CODE_PAGE];
        if ((offset & ~PAGE_OFFSET) == 0) {
            int entry = cpu.page.entries[(int) offset];
            // Another vCPU may just have replaced the array by a longer one.
            if (entry != 0 && entry < code.length && mayStay(cpu)) {
                cpu.executedBase += (pc - entry >> 1) + 1;
                return entry;
            }
        }
        return leave(cpu, pc, target);
    }

    private static int leave(Cpu cpu, int pc, long target) {
        cpu.executedBase += (pc >> 1) + 1;
        cpu.rip = target;
        return Handler.LEAVE;
    }

    private static long target(Cpu cpu, long word1, Width width) {
        return width.truncate(cpu.regs[Registers.CODE_PAGE] + Record.target(word1));
    }

    private static long returnAddress(Cpu cpu, long[] code, int pc) {
        int offset = cpu.page.offsets[pc >> 1] + Record.length(code[pc]);
        return cpu.regs[Registers.CODE_PAGE] + offset;
    }

    /**
     * A near branch that leaves the code segment, or the canonical addresses in 64-bit code, faults
     * at the branch. The page that is being executed is inside.
     */
    private static void checkReachable(Cpu cpu, int pc, long target) {
        if ((target - cpu.regs[Registers.CODE_PAGE] & ~PAGE_OFFSET) != 0
                && !reachable(cpu, target)) {
            cpu.faultingRecord = pc; // may be the second of a pair
            throw CpuFault.generalProtection(0);
        }
    }

    private static boolean reachable(Cpu cpu, long target) {
        if (cpu.control.codeIs64()) {
            return cpu.control.canonical(target);
        }
        long limit = Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]);
        return Long.compareUnsigned(target, limit) <= 0;
    }

    /** Whether a backward jump may go on without the run loop: no event, and budget left. */
    public static boolean mayStay(Cpu cpu) {
        return cpu.undisturbed() && cpu.executedBase < cpu.executedLimit;
    }
}
