package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;

/**
 * The only door from an instruction to registers and memory.
 *
 * <p>The first half serves woven handlers and works on records; each method is a few instructions
 * long, so that the compiler merges it into the handler. The second half serves complex
 * instructions and works on {@link Instruction}.
 */
public final class Operands {
    private static final int ADDRESS_32 = 1;
    private static final int ADDRESS_16 = 2;
    private static final int SS = 2;

    private Operands() {}

    // ---- registers of a record

    public static long a8(Cpu cpu, long word0) {
        return cpu.regs[Record.a(word0)] >>> Record.aHighShift(word0) & 0xFF;
    }

    public static long a16(Cpu cpu, long word0) {
        return cpu.regs[Record.a(word0)] & 0xFFFF;
    }

    public static long a32(Cpu cpu, long word0) {
        return cpu.regs[Record.a(word0)] & 0xFFFFFFFFL;
    }

    public static long a64(Cpu cpu, long word0) {
        return cpu.regs[Record.a(word0)];
    }

    public static long b8(Cpu cpu, long word0) {
        return cpu.regs[Record.b(word0)] >>> Record.bHighShift(word0) & 0xFF;
    }

    public static long b16(Cpu cpu, long word0) {
        return cpu.regs[Record.b(word0)] & 0xFFFF;
    }

    public static long b32(Cpu cpu, long word0) {
        return cpu.regs[Record.b(word0)] & 0xFFFFFFFFL;
    }

    public static long b64(Cpu cpu, long word0) {
        return cpu.regs[Record.b(word0)];
    }

    public static void setA8(Cpu cpu, long word0, long value) {
        setByte(cpu, Record.a(word0), Record.aHighShift(word0), value);
    }

    public static void setA16(Cpu cpu, long word0, long value) {
        setWord(cpu, Record.a(word0), value);
    }

    public static void setA32(Cpu cpu, long word0, long value) {
        cpu.regs[Record.a(word0)] = value & 0xFFFFFFFFL;
    }

    public static void setA64(Cpu cpu, long word0, long value) {
        cpu.regs[Record.a(word0)] = value;
    }

    public static void setB8(Cpu cpu, long word0, long value) {
        setByte(cpu, Record.b(word0), Record.bHighShift(word0), value);
    }

    public static void setB16(Cpu cpu, long word0, long value) {
        setWord(cpu, Record.b(word0), value);
    }

    public static void setB32(Cpu cpu, long word0, long value) {
        cpu.regs[Record.b(word0)] = value & 0xFFFFFFFFL;
    }

    public static void setB64(Cpu cpu, long word0, long value) {
        cpu.regs[Record.b(word0)] = value;
    }

    public static long c32(Cpu cpu, long word0) {
        return cpu.regs[Record.c(word0)] & 0xFFFFFFFFL;
    }

    public static long c64(Cpu cpu, long word0) {
        return cpu.regs[Record.c(word0)];
    }

    public static void setC32(Cpu cpu, long word0, long value) {
        cpu.regs[Record.c(word0)] = value & 0xFFFFFFFFL;
    }

    public static void setC64(Cpu cpu, long word0, long value) {
        cpu.regs[Record.c(word0)] = value;
    }

    private static void setByte(Cpu cpu, int slot, int shift, long value) {
        long[] regs = cpu.regs;
        regs[slot] = regs[slot] & ~(0xFFL << shift) | (value & 0xFF) << shift;
    }

    private static void setWord(Cpu cpu, int slot, long value) {
        long[] regs = cpu.regs;
        regs[slot] = regs[slot] & ~0xFFFFL | value & 0xFFFF;
    }

    // ---- addresses of a record

    /**
     * Linear address in 64-bit code with 64-bit addressing: no limits, absent parts are the zero
     * slot.
     */
    public static long address(Cpu cpu, long word0, long word1) {
        long[] regs = cpu.regs;
        return regs[Record.base(word0)]
                + (regs[Record.index(word0)] << Record.scale(word0))
                + Record.displacement(word1)
                + regs[Record.segmentBase(word0)];
    }

    /**
     * Linear address for every other combination, checked against the segment in 16 and 32-bit
     * code.
     */
    public static long addressChecked(Cpu cpu, long word0, long word1, int size, boolean write) {
        long offset = effectiveAddress(cpu, word0, word1);
        return cpu.segments.linear(Record.segment(word0), offset, size, write);
    }

    /** The same for an operand that must be aligned to its size, which is found first. */
    public static long addressAligned(Cpu cpu, long word0, long word1, int size, boolean write) {
        long offset = effectiveAddress(cpu, word0, word1);
        int segment = Record.segment(word0);
        if ((cpu.segments.base(segment) + offset & size - 1) != 0) {
            throw CpuFault.generalProtection(0);
        }
        return cpu.segments.linear(segment, offset, size, write);
    }

    /** Linear address of a moffs operand, whose offset fills word 1. */
    public static long addressOffset(Cpu cpu, long word0, long word1, int size, boolean write) {
        return cpu.segments.linear(Record.segment(word0), word1, size, write);
    }

    /** LEA: the offset, truncated to the address size. */
    public static long effectiveAddress(Cpu cpu, long word0, long word1) {
        long[] regs = cpu.regs;
        long sum =
                regs[Record.base(word0)]
                        + (regs[Record.index(word0)] << Record.scale(word0))
                        + Record.displacement(word1);
        return switch (Record.addressSize(word0)) {
            case ADDRESS_32 -> sum & 0xFFFFFFFFL;
            case ADDRESS_16 -> sum & 0xFFFF;
            default -> sum;
        };
    }

    /** A 128-bit operand in memory lies at a multiple of 16, or #GP(0). */
    public static void checkAligned16(long address) {
        if ((address & 15) != 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    /** The same for 256 bits. */
    public static void checkAligned32(long address) {
        if ((address & 31) != 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    /**
     * The first quadword of a longer operand. If it is missing, a fault that concerns the whole
     * operand comes first: an end that is not canonical.
     */
    public static long loadFirst(Cpu cpu, long address, int size) {
        try {
            return cpu.memory.load64(address);
        } catch (CpuFault fault) {
            cpu.memory.checkRead(address, size);
            throw fault;
        }
    }

    // ---- complex instructions

    /** Reads an operand, zero-extended from its size; an immediate as the decoder extended it. */
    public static long read(Cpu cpu, Instruction insn, int operand) {
        Operand spec = insn.encoding().operands().get(operand);
        int size = spec.sizeFor(insn.width().size());
        return switch (spec.kind()) {
            case REGISTER -> register(cpu, insn.reg(), size);
            case OPCODE_REGISTER -> register(cpu, insn.rm(), size);
            case FIXED -> register(cpu, spec.register(), size);
            case VEX_REGISTER -> register(cpu, insn.immediate2(), size);
            case REGISTER_OR_MEMORY ->
                    insn.memory()
                            ? cpu.memory.load(address(cpu, insn, size, false), size)
                            : register(cpu, insn.rm(), size);
            case MEMORY, OFFSET -> cpu.memory.load(address(cpu, insn, size, false), size);
            case IMMEDIATE, RELATIVE, FAR_POINTER -> insn.immediate();
            case ONE -> 1;
            case SEGMENT_REGISTER,
                    CONTROL_REGISTER,
                    DEBUG_REGISTER,
                    ST_0,
                    ST_I,
                    XMM,
                    XMM_OR_MEMORY,
                    XMM_VEX,
                    XMM_IMMEDIATE,
                    VECTOR_INDEXED,
                    MMX,
                    MMX_OR_MEMORY ->
                    throw new AssertionError(spec + " is not a general operand");
        };
    }

    /** Writes a general register or memory operand of its own size. */
    public static void write(Cpu cpu, Instruction insn, int operand, long value) {
        Operand spec = insn.encoding().operands().get(operand);
        int size = spec.sizeFor(insn.width().size());
        switch (spec.kind()) {
            case REGISTER -> setRegister(cpu, insn.reg(), size, value);
            case OPCODE_REGISTER -> setRegister(cpu, insn.rm(), size, value);
            case FIXED -> setRegister(cpu, spec.register(), size, value);
            case VEX_REGISTER -> setRegister(cpu, insn.immediate2(), size, value);
            case REGISTER_OR_MEMORY -> {
                if (insn.memory()) {
                    cpu.memory.store(
                            address(cpu, insn, size, true),
                            size,
                            Width.ofSize(size).truncate(value));
                } else {
                    setRegister(cpu, insn.rm(), size, value);
                }
            }
            case MEMORY, OFFSET ->
                    cpu.memory.store(
                            address(cpu, insn, size, true),
                            size,
                            Width.ofSize(size).truncate(value));
            default -> throw new AssertionError(spec + " cannot be written");
        }
    }

    /**
     * A general register as the decoder numbers it (see {@link Instruction}), zero-extended from
     * {@code size} bytes.
     */
    public static long register(Cpu cpu, int number, int size) {
        if ((number & Instruction.HIGH_BYTE) != 0) {
            return cpu.regs[number & 3] >>> 8 & 0xFF;
        }
        return Width.ofSize(size).truncate(cpu.regs[number]);
    }

    /** Writes a general register: 8 and 16 bits leave the rest, 32 bits clear the upper half. */
    public static void setRegister(Cpu cpu, int number, int size, long value) {
        switch (size) {
            case 1 ->
                    setByte(cpu, number & 15, (number & Instruction.HIGH_BYTE) != 0 ? 8 : 0, value);
            case 2 -> setWord(cpu, number, value);
            case 4 -> cpu.regs[number] = value & 0xFFFFFFFFL;
            default -> cpu.regs[number] = value;
        }
    }

    /**
     * The linear address of the memory operand, after the checks of its segment; the MMU checks the
     * rest.
     */
    public static long address(Cpu cpu, Instruction insn, int size, boolean write) {
        return cpu.segments.linear(insn.segment(), effectiveAddress(cpu, insn), size, write);
    }

    /** The memory operand's offset in its segment, truncated to the address size. */
    public static long effectiveAddress(Cpu cpu, Instruction insn) {
        long sum = insn.displacement();
        if (insn.base() == Instruction.RIP) {
            sum += cpu.rip + insn.length();
        } else if (insn.base() != Instruction.NO_REGISTER) {
            sum += cpu.regs[insn.base()];
        }
        if (insn.index() != Instruction.NO_REGISTER) {
            sum += cpu.regs[insn.index()] << insn.scale();
        }
        return switch (insn.addressSize()) {
            case 2 -> sum & 0xFFFF;
            case 4 -> sum & 0xFFFFFFFFL;
            default -> sum;
        };
    }

    /** Whether a fault on this segment is a stack fault. */
    public static boolean stackSegment(int segment) {
        return segment == SS;
    }

    /** The slot a register number has in a record: an absent one is the zero slot. */
    public static int slot(int register) {
        return register == Instruction.NO_REGISTER ? Registers.ZERO : register & 15;
    }
}
