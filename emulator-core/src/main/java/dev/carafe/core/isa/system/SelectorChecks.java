package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.DescriptorAccess;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** LAR, LSL, VERR, VERW and ARPL: what a selector would allow, told in ZF (SDM Vol. 2). */
public final class SelectorChecks {
    private static final int LONG_TYPES_LSL =
            1 << Descriptor.LDT | 1 << Descriptor.TSS_AVAILABLE | 1 << Descriptor.TSS_BUSY;
    private static final int LONG_TYPES_LAR = LONG_TYPES_LSL | 1 << Descriptor.CALL_GATE;
    private static final int TYPES_LSL =
            LONG_TYPES_LSL | 1 << Descriptor.TSS16_AVAILABLE | 1 << Descriptor.TSS16_BUSY;
    private static final int TYPES_LAR =
            TYPES_LSL
                    | 1 << Descriptor.CALL_GATE
                    | 1 << Descriptor.CALL_GATE16
                    | 1 << Descriptor.TASK_GATE;
    private static final int ACCESS_RIGHTS = 0x00FF_FF00;
    private static final int RPL = 3;

    private SelectorChecks() {}

    @Semantics(LAR)
    public static void loadAccessRights(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        int selector = (int) Operands.read(cpu, insn, 1);
        long raw = DescriptorAccess.readOrInvalid(cpu, selector);
        boolean valid =
                visible(cpu, selector, raw, cpu.control.longMode() ? LONG_TYPES_LAR : TYPES_LAR);
        if (valid) {
            Operands.write(cpu, insn, 0, raw >>> 32 & ACCESS_RIGHTS);
        }
        cpu.flags.setZero(valid);
    }

    @Semantics(LSL)
    public static void loadSegmentLimit(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        int selector = (int) Operands.read(cpu, insn, 1);
        long raw = DescriptorAccess.readOrInvalid(cpu, selector);
        boolean valid =
                visible(cpu, selector, raw, cpu.control.longMode() ? LONG_TYPES_LSL : TYPES_LSL);
        if (valid) {
            Operands.write(cpu, insn, 0, Integer.toUnsignedLong(Descriptor.limit(raw)));
        }
        cpu.flags.setZero(valid);
    }

    /** Whether the type is one of those and privilege suffices. */
    private static boolean visible(Cpu cpu, int selector, long raw, int systemTypes) {
        int attributes = Descriptor.attributes(raw);
        if (Descriptor.isSystem(attributes)
                && (systemTypes >>> Descriptor.type(attributes) & 1) == 0) {
            return false;
        }
        return privileged(cpu, selector, attributes);
    }

    private static boolean privileged(Cpu cpu, int selector, int attributes) {
        return Descriptor.isConforming(attributes)
                || Descriptor.dpl(attributes) >= Math.max(cpu.cpl, selector & RPL);
    }

    @Semantics(VERR)
    public static void verifyRead(Cpu cpu, Instruction insn) {
        verify(cpu, insn, false);
    }

    @Semantics(VERW)
    public static void verifyWrite(Cpu cpu, Instruction insn) {
        verify(cpu, insn, true);
    }

    private static void verify(Cpu cpu, Instruction insn, boolean write) {
        Privilege.requireProtectedMode(cpu);
        int selector = (int) Operands.read(cpu, insn, 0);
        int attributes = Descriptor.attributes(DescriptorAccess.readOrInvalid(cpu, selector));
        boolean typeFits =
                write ? Descriptor.isWritableData(attributes) : Descriptor.isReadable(attributes);
        cpu.flags.setZero(typeFits && privileged(cpu, selector, attributes));
    }

    @Semantics(ARPL)
    public static void adjustRpl(Cpu cpu, Instruction insn) {
        Privilege.requireProtectedMode(cpu);
        int selector = (int) Operands.read(cpu, insn, 0);
        int rpl = (int) Operands.read(cpu, insn, 1) & RPL;
        boolean raised = (selector & RPL) < rpl;
        if (raised) {
            Operands.write(cpu, insn, 0, selector & ~RPL | rpl);
        }
        cpu.flags.setZero(raised);
    }
}
