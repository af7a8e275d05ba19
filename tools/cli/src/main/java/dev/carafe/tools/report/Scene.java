package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.text.InstructionText;
import dev.carafe.core.isa.text.Syntax;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.List;
import java.util.OptionalLong;

/**
 * A machine that stands still, to be looked at: its processors, its memory as they see it, and the
 * kernel's names. Looking changes nothing.
 */
public final class Scene {
    private static final int LONGEST_INSTRUCTION = 15;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private final Machine machine;
    private final List<Vcpu> vcpus;
    private final Symbolizer symbols;
    private final Decoder decoder;

    public Scene(Machine machine, Symbolizer symbols) {
        this.machine = machine;
        this.symbols = symbols;
        vcpus = machine.vcpus();
        decoder = machine.decoder();
    }

    Machine machine() {
        return machine;
    }

    List<Cpu> cpus() {
        return vcpus.stream().map(Vcpu::cpu).toList();
    }

    Symbolizer symbols() {
        return symbols;
    }

    /** {@code name+0x1c (file:line)} or a number. */
    String place(long rip) {
        return symbols.describe(rip);
    }

    /** Reads as a processor's supervisor code would; as many bytes as there is memory. */
    int read(Cpu cpu, long linear, byte[] into) {
        return machine.control().memory().read(vcpus.get(cpu.index), linear, into);
    }

    OptionalLong read64(Cpu cpu, long linear) {
        return number(cpu, linear, Long.BYTES);
    }

    /** A little-endian number of up to 8 bytes; empty where there is no memory. */
    OptionalLong number(Cpu cpu, long linear, int size) {
        byte[] bytes = new byte[size];
        if (read(cpu, linear, bytes) < size) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return OptionalLong.of(value);
    }

    /** Whether a processor's address space has memory at an address. */
    boolean isMapped(Cpu cpu, long linear) {
        return number(cpu, linear, 1).isPresent();
    }

    /** The linear address of an instruction pointer. */
    long codeAddress(Cpu cpu, long rip) {
        return cpu.control.codeIs64() ? rip : cpu.segments.base(Segments.CS) + rip & LOW_32;
    }

    /** The instruction at RIP in the processor's present code mode; null where there is none. */
    Instruction instruction(Cpu cpu, long rip) {
        return decode(cpu.control.codeMode(), bytes(cpu, rip));
    }

    private Instruction decode(CodeMode mode, byte[] code) {
        int[] at = {0};
        try {
            Instruction decoded =
                    decoder.decode(
                            mode,
                            () -> {
                                if (at[0] == code.length) {
                                    throw CpuFault.invalidOpcode();
                                }
                                return code[at[0]++] & 0xFF;
                            });
            return decoded.operation() == Operation.INVALID ? null : decoded;
        } catch (CpuFault beyondTheEnd) {
            return null;
        }
    }

    /** Up to fifteen bytes from RIP. */
    byte[] bytes(Cpu cpu, long rip) {
        byte[] code = new byte[LONGEST_INSTRUCTION];
        int length = read(cpu, codeAddress(cpu, rip), code);
        return java.util.Arrays.copyOf(code, length);
    }

    /** The instruction at RIP as text, or its bytes, or that there are none. */
    String instructionText(Cpu cpu, long rip) {
        Instruction insn = instruction(cpu, rip);
        if (insn != null) {
            return InstructionText.of(insn, rip + insn.length(), Syntax.INTEL);
        }
        byte[] code = bytes(cpu, rip);
        StringBuilder out = new StringBuilder(code.length == 0 ? "no memory" : "bytes");
        for (int i = 0; i < Math.min(code.length, 8); i++) {
            out.append(" %02x".formatted(code[i]));
        }
        return out.toString();
    }

    /** Where an instruction's memory operand lies, by the registers as they are now. */
    static long operandAddress(Cpu cpu, Instruction insn, long rip) {
        long address = insn.displacement();
        if (insn.base() == Instruction.RIP) {
            address += rip + insn.length();
        } else if (insn.base() != Instruction.NO_REGISTER) {
            address += cpu.regs[insn.base()];
        }
        if (insn.index() != Instruction.NO_REGISTER) {
            address += cpu.regs[insn.index()] << insn.scale();
        }
        if (insn.addressSize() < Long.BYTES) {
            address &= (1L << 8 * insn.addressSize()) - 1;
        }
        boolean flat = cpu.control.codeIs64() && insn.segment() < Segments.FS;
        address += flat ? 0 : cpu.segments.base(insn.segment());
        return cpu.control.codeIs64() ? address : address & LOW_32;
    }

    static long stackPointer(Cpu cpu) {
        long pointer = cpu.regs[Registers.RSP];
        return cpu.control.codeIs64() ? pointer : cpu.segments.base(Segments.SS) + pointer & LOW_32;
    }

    /** {@code CPU 1 (AP)}. */
    static String name(Cpu cpu) {
        return "CPU " + cpu.index + (cpu.index == 0 ? " (BSP)" : " (AP)");
    }
}
