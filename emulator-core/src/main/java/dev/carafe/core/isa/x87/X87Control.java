package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** Control instructions (SDM Vol. 1, "x87 FPU Control Instructions"). */
public final class X87Control {
    private X87Control() {}

    @Semantics(FNINIT)
    public static void initialize(Cpu cpu, Instruction insn) {
        X87.usable(cpu).initialize();
    }

    @Semantics(FNOP)
    public static void nothing(Cpu cpu, Instruction insn) {
        X87State x = X87.waiting(cpu);
        X87.recordPointers(cpu, insn, x);
    }

    /** FENI, FDISI and FSETPM were for the 8087 and the 80287. */
    @Semantics({FNENI, FNDISI, FNSETPM})
    public static void ignored(Cpu cpu, Instruction insn) {
        X87.usable(cpu);
    }

    @Semantics(FNCLEX)
    public static void clearExceptions(Cpu cpu, Instruction insn) {
        X87.usable(cpu).statusWord &= X87.C0 | X87.C1 | X87.C2 | X87.C3 | X87State.TOP;
    }

    @Semantics(FLDCW)
    public static void loadControlWord(Cpu cpu, Instruction insn) {
        X87State x = X87.waiting(cpu);
        x.setControlWord((int) Operands.read(cpu, insn, 0));
    }

    @Semantics(FNSTCW)
    public static void storeControlWord(Cpu cpu, Instruction insn) {
        Operands.write(cpu, insn, 0, X87.usable(cpu).controlWord);
    }

    @Semantics(FNSTSW)
    public static void storeStatusWord(Cpu cpu, Instruction insn) {
        Operands.write(cpu, insn, 0, X87.usable(cpu).statusWord);
    }

    @Semantics({FINCSTP, FDECSTP})
    public static void turnStack(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        x.setTop(x.top() + (insn.operation() == FINCSTP ? 1 : -1));
        X87.end(cpu, insn, x);
    }

    /** FFREEP, which the manual does not list, pops as well. */
    @Semantics({FFREE, FFREEP})
    public static void free(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        x.markEmpty(x.physical(X87.index(insn)));
        if (insn.operation() == FFREEP) {
            X87.pop(x);
        }
        X87.end(cpu, insn, x);
    }

    @Semantics(WAIT)
    public static void await(Cpu cpu, Instruction insn) {
        if (cpu.control.cr0(ControlBits.CR0_MP) && cpu.control.cr0(ControlBits.CR0_TS)) {
            throw CpuFault.of(ExceptionVector.DEVICE_NOT_AVAILABLE);
        }
        X87.checkPending(cpu);
    }
}
