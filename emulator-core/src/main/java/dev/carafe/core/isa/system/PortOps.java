package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** IN and OUT (SDM Vol. 2), and who may use which port (SDM Vol. 1, "I/O Permission Bit Map"). */
public final class PortOps {
    private static final int TSS_MAP_BASE = 0x66;

    private PortOps() {}

    @Semantics(IN)
    public static void in(Cpu cpu, Instruction insn) {
        int size = size(insn, 0);
        int port = port(cpu, insn, 1);
        checkPermission(cpu, port, size);
        cpu.breakpoints.accessingPort(port, size);
        Operands.write(cpu, insn, 0, Width.ofSize(size).truncate(cpu.ports.read(port, size)));
    }

    /** Leaves, so that a device that ends the machine's run ends it with this instruction. */
    @Semantics(value = OUT, leaves = true)
    public static void out(Cpu cpu, Instruction insn) {
        int size = size(insn, 1);
        int port = port(cpu, insn, 0);
        checkPermission(cpu, port, size);
        cpu.breakpoints.accessingPort(port, size);
        cpu.ports.write(port, size, Operands.read(cpu, insn, 1));
    }

    private static int size(Instruction insn, int operand) {
        return insn.encoding().operands().get(operand).sizeFor(insn.width().size());
    }

    private static int port(Cpu cpu, Instruction insn, int operand) {
        boolean immediate =
                insn.encoding().operands().get(operand).kind() == Operand.Kind.IMMEDIATE;
        return (int) Operands.read(cpu, insn, operand) & (immediate ? 0xFF : 0xFFFF);
    }

    /** #GP(0) where neither IOPL nor the TSS allow all of the ports; INS and OUTS ask too. */
    public static void checkPermission(Cpu cpu, int port, int size) {
        if (!cpu.control.protectedMode() || cpu.cpl <= cpu.iopl() && !cpu.virtual8086()) {
            return;
        }
        SystemSegment tr = cpu.system.tr;
        int type = Descriptor.type(tr.attributes());
        boolean wide = type == Descriptor.TSS_BUSY || type == Descriptor.TSS_AVAILABLE;
        if (!wide || !tr.contains(TSS_MAP_BASE, 2)) {
            throw CpuFault.generalProtection(0);
        }
        int at = (int) cpu.memory.system.load16(tr.base() + TSS_MAP_BASE) + (port >>> 3);
        if (!tr.contains(at, 2)) {
            throw CpuFault.generalProtection(0);
        }
        int bits = (int) cpu.memory.system.load16(tr.base() + at) >>> (port & 7);
        if ((bits & (1 << size) - 1) != 0) {
            throw CpuFault.generalProtection(0);
        }
    }
}
