package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operand.Kind.CONTROL_REGISTER;
import static dev.carafe.core.isa.Operand.Kind.DEBUG_REGISTER;
import static dev.carafe.core.isa.Operand.Kind.SEGMENT_REGISTER;
import static dev.carafe.core.isa.Operation.MOV;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.InterruptShadow;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemRegisters;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * MOV to and from segment, control and debug registers (SDM Vol. 2, "MOV", "MOV - Move to/from
 * Control Registers", "MOV - Move to/from Debug Registers").
 */
public final class SpecialMoves {
    private static final long DR6_FIXED_ONES = 0xFFFF_0FF0L;
    private static final long DR6_WRITABLE = 0xE00F;
    private static final long DR7_FIXED_ONES = 0x400;
    private static final long DR7_WRITABLE = 0xFFFF_23FFL;
    private static final long BREAKPOINT_DETECTED = 1 << 13; // DR6.BD

    private SpecialMoves() {}

    @Semantics(
            value = MOV,
            with = {
                Operand.Kind.SEGMENT_REGISTER,
                Operand.Kind.CONTROL_REGISTER,
                Operand.Kind.DEBUG_REGISTER
            },
            leaves = true)
    public static void move(Cpu cpu, Instruction insn) {
        Operand.Kind to = insn.encoding().operands().get(0).kind();
        Operand.Kind from = insn.encoding().operands().get(1).kind();
        switch (to) {
            case SEGMENT_REGISTER -> toSegment(cpu, insn);
            case CONTROL_REGISTER -> toControl(cpu, insn);
            case DEBUG_REGISTER -> toDebug(cpu, insn);
            default -> {
                switch (from) {
                    case SEGMENT_REGISTER -> fromSegment(cpu, insn);
                    case CONTROL_REGISTER -> fromControl(cpu, insn);
                    case DEBUG_REGISTER -> fromDebug(cpu, insn);
                    default ->
                            throw new AssertionError(
                                    insn.encoding().notation() + " is not a special move");
                }
            }
        }
    }

    // ---- segment registers

    private static void toSegment(Cpu cpu, Instruction insn) {
        int segment = insn.reg();
        if (segment == Segments.CS || segment >= Segments.COUNT) {
            throw CpuFault.invalidOpcode();
        }
        cpu.segments.load(segment, (int) Operands.read(cpu, insn, 1) & 0xFFFF);
        if (segment == Segments.SS) {
            cpu.shadow = InterruptShadow.MOV_SS;
        }
    }

    private static void fromSegment(Cpu cpu, Instruction insn) {
        if (insn.reg() >= Segments.COUNT) {
            throw CpuFault.invalidOpcode();
        }
        Operands.write(cpu, insn, 0, cpu.segments.selector[insn.reg()]);
    }

    // ---- control registers

    private static void toControl(Cpu cpu, Instruction insn) {
        checkControl(cpu, insn);
        long value = Operands.register(cpu, insn.rm(), nativeSize(cpu));
        switch (insn.reg()) {
            case 0 -> cpu.control.writeCr0(value);
            case 2 -> cpu.control.setCr2(value);
            case 3 -> cpu.control.writeCr3(value);
            case 4 -> cpu.control.writeCr4(value);
            default -> cpu.control.writeCr8(value);
        }
        if (insn.reg() != 8) {
            cpu.rare.record(RareEvents.Kind.CONTROL_REGISTER, cpu.rip, insn.reg(), value);
        }
    }

    private static void fromControl(Cpu cpu, Instruction insn) {
        checkControl(cpu, insn);
        long value =
                switch (insn.reg()) {
                    case 0 -> cpu.control.cr0();
                    case 2 -> cpu.control.cr2();
                    case 3 -> cpu.control.cr3();
                    case 4 -> cpu.control.cr4();
                    default -> cpu.control.cr8();
                };
        Operands.setRegister(cpu, insn.rm(), nativeSize(cpu), value);
    }

    private static void checkControl(Cpu cpu, Instruction insn) {
        switch (insn.reg()) {
            case 0, 2, 3, 4, 8 -> Privilege.require(cpu);
            default -> throw CpuFault.invalidOpcode();
        }
    }

    private static int nativeSize(Cpu cpu) {
        return cpu.control.codeIs64() ? 8 : 4;
    }

    // ---- debug registers

    private static void toDebug(Cpu cpu, Instruction insn) {
        int number = checkedDebug(cpu, insn);
        long value = Operands.register(cpu, insn.rm(), nativeSize(cpu));
        if (number >= 6 && value >>> 32 != 0) {
            throw CpuFault.generalProtection(0);
        }
        cpu.system.debug[number] =
                switch (number) {
                    case 6 -> value & DR6_WRITABLE | DR6_FIXED_ONES;
                    case 7 -> value & DR7_WRITABLE | DR7_FIXED_ONES;
                    default -> value;
                };
        if (number != 6) {
            cpu.breakpoints.changed();
        }
    }

    private static void fromDebug(Cpu cpu, Instruction insn) {
        int number = checkedDebug(cpu, insn);
        Operands.setRegister(cpu, insn.rm(), nativeSize(cpu), cpu.system.debug[number]);
    }

    /** The register meant: 4 and 5 are other names of 6 and 7 unless CR4.DE is set. */
    private static int checkedDebug(Cpu cpu, Instruction insn) {
        int number = insn.reg();
        boolean alias = number == 4 || number == 5;
        if (number >= SystemRegisters.DEBUG_REGISTERS) {
            throw CpuFault.invalidOpcode();
        }
        Privilege.require(cpu); // before what CR4.DE says, as on a processor
        if (alias && cpu.control.cr4(ControlBits.CR4_DE)) {
            throw CpuFault.invalidOpcode();
        }
        if ((cpu.system.debug[7] & SystemRegisters.DR7_GENERAL_DETECT) != 0) {
            throw EventDelivery.debugFault(cpu, BREAKPOINT_DETECTED);
        }
        return alias ? number + 2 : number;
    }
}
