package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.ControlFlow;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Complex;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.control.Near;
import dev.carafe.core.isa.control.TrackedBranches;

/** Handlers of records that are no instruction. Their numbers are fixed; the woven ones follow. */
final class PseudoHandlers {
    /** The page was changed, or its array outgrown: look this place up again. */
    static final int STALE = 0;

    /** Goes on at the record its link names; joins freshly decoded code to code that was there. */
    static final int GOTO = 1;

    /** Behind the last instruction that was decoded: look up what follows. */
    static final int END = 2;

    /**
     * An instruction that reaches into the next page: decoded anew each time, as the next page may
     * change.
     */
    static final int CROSSING = 3;

    /** Computes an address that the record behind it, the real instruction, cannot hold. */
    static final int FAR_OPERAND = 5;

    /** An instruction of more than 15 bytes. */
    static final int TOO_LONG = 4;

    /** A vector instruction while the operating system has not enabled them: #UD or #NM. */
    static final int NO_SSE = 6;

    /** An MMX instruction while the FPU is disabled: #UD or #NM. */
    static final int NO_MMX = 7;

    /** An AVX instruction while the operating system has not enabled them: #UD or #NM. */
    static final int NO_AVX = 8;

    /** A near branch under control-flow enforcement. */
    static final int TRACKED = 9;

    /** ENDBRANCH, where it is waited for. */
    static final int END_BRANCH = 10;

    /** Any other instruction there: #CP. */
    static final int NO_END_BRANCH = 11;

    /** An instruction before which a debugger may want to stop: it is executed by itself. */
    static final int ASK_DEBUGGER = 12;

    private static final class AskDebugger extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw CpuFault.ALONE;
        }
    }

    private static final class Tracked extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            TrackedBranches.execute(cpu, Complex.begin(cpu, pc));
            return Complex.leave(cpu, pc);
        }
    }

    private static final class EndBranch extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            Complex.begin(cpu, pc);
            cpu.flow.endBranch();
            return Complex.leave(cpu, pc);
        }
    }

    private static final class NoEndBranch extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw ControlFlow.fault(ControlFlow.END_BRANCH);
        }
    }

    private PseudoHandlers() {}

    static void install(Handler[] handlers) {
        Handler look = new LookUp();
        handlers[STALE] = look;
        handlers[CROSSING] = new Crossing();
        handlers[GOTO] = new Goto();
        handlers[TOO_LONG] = new TooLong();
        handlers[NO_SSE] = new NoSse();
        handlers[NO_MMX] = new NoMmx();
        handlers[NO_AVX] = new NoAvx();
        handlers[TRACKED] = new Tracked();
        handlers[END_BRANCH] = new EndBranch();
        handlers[NO_END_BRANCH] = new NoEndBranch();
        handlers[FAR_OPERAND] = new FarOperand();
        handlers[END] = new End();
        handlers[ASK_DEBUGGER] = new AskDebugger();
    }

    private static final class LookUp extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            return lookUp(cpu, pc);
        }
    }

    static int lookUp(Cpu cpu, int pc) {
        cpu.executedBase += pc >> 1;
        cpu.rip = cpu.truncateRip(cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[pc >> 1]);
        return Handler.LEAVE;
    }

    private static final class Crossing extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            cpu.crossing = true;
            return lookUp(cpu, pc);
        }
    }

    private static final class End extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            cpu.unlinkedJump = pc;
            return lookUp(cpu, pc);
        }
    }

    private static final class FarOperand extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            Instruction instruction = (Instruction) cpu.page.instructions[pc >> 1];
            long here = cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[pc >> 1];
            cpu.regs[Registers.FAR_OPERAND] =
                    here + instruction.length() + instruction.displacement();
            cpu.executedBase--; // this record is no instruction
            return pc + Record.LONGS;
        }
    }

    /** The record that a GOTO leads to. */
    static int follow(Cpu cpu, long[] code, int pc) {
        int link = Record.link(code[pc + 1]);
        cpu.executedBase += pc - link >> 1;
        return link;
    }

    private static final class Goto extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            boolean backward = Record.link(code[pc + 1]) < pc;
            return backward && !Near.mayStay(cpu) ? lookUp(cpu, pc) : follow(cpu, code, pc);
        }
    }

    private static final class NoSse extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw cpu.control.vectorsUnavailable();
        }
    }

    private static final class NoMmx extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw cpu.control.mmxUnavailable();
        }
    }

    private static final class NoAvx extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw cpu.control.avxUnavailable();
        }
    }

    private static final class TooLong extends Handler {
        @Override
        public int exec(Cpu cpu, long[] code, int pc) {
            throw CpuFault.generalProtection(0);
        }
    }
}
