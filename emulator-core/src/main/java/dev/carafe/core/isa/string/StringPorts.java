package dev.carafe.core.isa.string;

import static dev.carafe.core.isa.Operation.INSB;
import static dev.carafe.core.isa.Operation.INSD;
import static dev.carafe.core.isa.Operation.INSW;
import static dev.carafe.core.isa.Operation.OUTSB;
import static dev.carafe.core.isa.Operation.OUTSD;
import static dev.carafe.core.isa.Operation.OUTSW;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.system.PortOps;

/** INS and OUTS (SDM Vol. 1, "String I/O Instructions"). */
public final class StringPorts {
    private static final int PORT_MASK = 0xFFFF;

    private StringPorts() {}

    @Semantics({INSB, INSW, INSD})
    public static void ins(Cpu cpu, Instruction insn) {
        PortOps.checkPermission(cpu, port(cpu), size(insn));
        Repeat.run(cpu, insn, StringPorts::in);
    }

    @Semantics({OUTSB, OUTSW, OUTSD})
    public static void outs(Cpu cpu, Instruction insn) {
        PortOps.checkPermission(cpu, port(cpu), size(insn));
        Repeat.run(cpu, insn, StringPorts::out);
    }

    /** The port is read only when the byte can be stored: reading may change the device. */
    private static long in(Cpu cpu, Instruction insn, long limit) {
        int size = size(insn);
        long to = StringRegisters.destination(cpu, insn, size, true);
        cpu.memory.storeOffset(to, size);
        cpu.breakpoints.accessingPort(port(cpu), size);
        cpu.memory.store(to, size, cpu.ports.read(port(cpu), size));
        StringRegisters.advanceDestination(cpu, insn, StringRegisters.step(cpu, size));
        return 1;
    }

    private static long out(Cpu cpu, Instruction insn, long limit) {
        int size = size(insn);
        long value = cpu.memory.load(StringRegisters.source(cpu, insn, size), size);
        cpu.breakpoints.accessingPort(port(cpu), size);
        cpu.ports.write(port(cpu), size, value);
        StringRegisters.advanceSource(cpu, insn, StringRegisters.step(cpu, size));
        return 1;
    }

    /** Ports are never 64 bits wide: REX.W is ignored. */
    private static int size(Instruction insn) {
        return Math.min(insn.width().size(), Integer.BYTES);
    }

    private static int port(Cpu cpu) {
        return (int) cpu.regs[Registers.RDX] & PORT_MASK;
    }
}
