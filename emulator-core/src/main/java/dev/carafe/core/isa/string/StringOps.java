package dev.carafe.core.isa.string;

import static dev.carafe.core.isa.Operation.CMPSB;
import static dev.carafe.core.isa.Operation.CMPSD;
import static dev.carafe.core.isa.Operation.CMPSQ;
import static dev.carafe.core.isa.Operation.CMPSW;
import static dev.carafe.core.isa.Operation.LODSB;
import static dev.carafe.core.isa.Operation.LODSD;
import static dev.carafe.core.isa.Operation.LODSQ;
import static dev.carafe.core.isa.Operation.LODSW;
import static dev.carafe.core.isa.Operation.MOVSB;
import static dev.carafe.core.isa.Operation.MOVSD_STRING;
import static dev.carafe.core.isa.Operation.MOVSQ;
import static dev.carafe.core.isa.Operation.MOVSW;
import static dev.carafe.core.isa.Operation.SCASB;
import static dev.carafe.core.isa.Operation.SCASD;
import static dev.carafe.core.isa.Operation.SCASQ;
import static dev.carafe.core.isa.Operation.SCASW;
import static dev.carafe.core.isa.Operation.STOSB;
import static dev.carafe.core.isa.Operation.STOSD;
import static dev.carafe.core.isa.Operation.STOSQ;
import static dev.carafe.core.isa.Operation.STOSW;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.integer.IntegerArithmetic;

/**
 * MOVS, STOS, LODS, SCAS and CMPS (SDM Vol. 1, "String Operations"). Upwards, a repetition takes
 * what lies in one page of plain memory at once, with the outcome that one element after the other
 * would have.
 */
public final class StringOps {
    private static final int PAGE_SIZE = 4096;

    private StringOps() {}

    @Semantics({MOVSB, MOVSW, MOVSD_STRING, MOVSQ})
    public static void movs(Cpu cpu, Instruction insn) {
        Repeat.run(cpu, insn, StringOps::move);
    }

    @Semantics({STOSB, STOSW, STOSD, STOSQ})
    public static void stos(Cpu cpu, Instruction insn) {
        Repeat.run(cpu, insn, StringOps::store);
    }

    @Semantics({LODSB, LODSW, LODSD, LODSQ})
    public static void lods(Cpu cpu, Instruction insn) {
        Repeat.run(cpu, insn, StringOps::load);
    }

    @Semantics({SCASB, SCASW, SCASD, SCASQ})
    public static void scas(Cpu cpu, Instruction insn) {
        Repeat.run(cpu, insn, StringOps::scan);
    }

    @Semantics({CMPSB, CMPSW, CMPSD, CMPSQ})
    public static void cmps(Cpu cpu, Instruction insn) {
        Repeat.run(cpu, insn, StringOps::compare);
    }

    private static long move(Cpu cpu, Instruction insn, long limit) {
        int size = insn.width().size();
        long from = StringRegisters.source(cpu, insn, size);
        long to = destinationAfter(cpu, insn, from);
        int bytes =
                Math.min(
                        sourceBytes(cpu, insn, from, limit),
                        destinationBytes(cpu, insn, to, limit, true));
        long step = bytes;
        if (bytes == size || !cpu.memory.bulk.copyWithinPage(to, from, bytes, size)) {
            cpu.memory.checkRead(from, size);
            cpu.memory.checkWrite(to, size);
            cpu.memory.store(to, size, cpu.memory.load(from, size));
            step = StringRegisters.step(cpu, size);
            bytes = size;
        }
        StringRegisters.advanceSource(cpu, insn, step);
        StringRegisters.advanceDestination(cpu, insn, step);
        return bytes / size;
    }

    /** Where MOVS writes; what is wrong with its source is reported first. */
    private static long destinationAfter(Cpu cpu, Instruction insn, long from) {
        int size = insn.width().size();
        try {
            return StringRegisters.destination(cpu, insn, size, true);
        } catch (CpuFault second) {
            cpu.memory.checkRead(from, size);
            throw second;
        }
    }

    private static long store(Cpu cpu, Instruction insn, long limit) {
        int size = insn.width().size();
        long to = StringRegisters.destination(cpu, insn, size, true);
        long value = Operands.register(cpu, Registers.RAX, size);
        int bytes = destinationBytes(cpu, insn, to, limit, true);
        long step = bytes;
        if (bytes == size || !cpu.memory.bulk.fillWithinPage(to, bytes, size, value)) {
            cpu.memory.store(to, size, value);
            step = StringRegisters.step(cpu, size);
            bytes = size;
        }
        StringRegisters.advanceDestination(cpu, insn, step);
        return bytes / size;
    }

    /** Of several elements of plain memory only the last is seen. */
    private static long load(Cpu cpu, Instruction insn, long limit) {
        int size = insn.width().size();
        long from = StringRegisters.source(cpu, insn, size);
        int bytes = sourceBytes(cpu, insn, from, limit);
        long offset = bytes == size ? -1 : cpu.memory.readOffset(from, size);
        if (offset < 0) {
            Operands.setRegister(cpu, Registers.RAX, size, cpu.memory.load(from, size));
            StringRegisters.advanceSource(cpu, insn, StringRegisters.step(cpu, size));
            return 1;
        }
        Operands.setRegister(
                cpu, Registers.RAX, size, cpu.memory.loadAt(offset + bytes - size, size));
        StringRegisters.advanceSource(cpu, insn, bytes);
        return bytes / size;
    }

    private static long scan(Cpu cpu, Instruction insn, long limit) {
        Width width = insn.width();
        int size = width.size();
        long sought = Operands.register(cpu, Registers.RAX, size);
        long at = StringRegisters.destination(cpu, insn, size, false);
        int bytes = destinationBytes(cpu, insn, at, limit, false);
        long offset = bytes == size ? -1 : cpu.memory.readOffset(at, size);
        long value;
        long step;
        int done = 1;
        if (offset < 0) {
            value = cpu.memory.load(at, size);
            step = StringRegisters.step(cpu, size);
        } else {
            boolean whileEqual = Repeat.whileEqual(insn);
            value = cpu.memory.loadAt(offset, size);
            while (sought == value == whileEqual && done * size < bytes) {
                value = cpu.memory.loadAt(offset + done * size, size);
                done++;
            }
            step = done * size;
        }
        IntegerArithmetic.subtract(cpu.flags, width, sought, value);
        StringRegisters.advanceDestination(cpu, insn, step);
        return Repeat.goesOn(cpu, insn) ? done : -done;
    }

    private static long compare(Cpu cpu, Instruction insn, long limit) {
        Width width = insn.width();
        int size = width.size();
        long to = StringRegisters.destination(cpu, insn, size, false);
        long from = sourceAfter(cpu, insn, to);
        int bytes =
                Math.min(
                        sourceBytes(cpu, insn, from, limit),
                        destinationBytes(cpu, insn, to, limit, false));
        long destination = bytes == size ? -1 : cpu.memory.readOffset(to, size);
        long source = destination < 0 ? -1 : cpu.memory.readOffset(from, size);
        long first;
        long second;
        long step;
        int done = 1;
        if (source < 0) {
            second = cpu.memory.load(to, size);
            first = cpu.memory.load(from, size);
            step = StringRegisters.step(cpu, size);
        } else {
            boolean whileEqual = Repeat.whileEqual(insn);
            first = cpu.memory.loadAt(source, size);
            second = cpu.memory.loadAt(destination, size);
            while (first == second == whileEqual && done * size < bytes) {
                first = cpu.memory.loadAt(source + done * size, size);
                second = cpu.memory.loadAt(destination + done * size, size);
                done++;
            }
            step = done * size;
        }
        IntegerArithmetic.subtract(cpu.flags, width, first, second);
        StringRegisters.advanceSource(cpu, insn, step);
        StringRegisters.advanceDestination(cpu, insn, step);
        return Repeat.goesOn(cpu, insn) ? done : -done;
    }

    /** Where CMPS reads; processors report what is wrong with the operand in ES first. */
    private static long sourceAfter(Cpu cpu, Instruction insn, long to) {
        int size = insn.width().size();
        try {
            return StringRegisters.source(cpu, insn, size);
        } catch (CpuFault second) {
            cpu.memory.checkRead(to, size);
            throw second;
        }
    }

    // ---- how much may be taken at once: one element, or several

    private static int sourceBytes(Cpu cpu, Instruction insn, long linear, long limit) {
        return bytes(
                cpu,
                insn,
                new Stretch(insn.segment(), StringRegisters.sourceOffset(cpu, insn), linear, false),
                limit);
    }

    private static int destinationBytes(
            Cpu cpu, Instruction insn, long linear, long limit, boolean write) {
        return bytes(
                cpu,
                insn,
                new Stretch(
                        Segments.ES, StringRegisters.destinationOffset(cpu, insn), linear, write),
                limit);
    }

    /** Where an operand begins: its offset in a segment, and the linear address of that. */
    private record Stretch(int segment, long offset, long linear, boolean write) {}

    /**
     * Bytes of whole elements, at most {@code limit} of them, that lie upwards in the page, the
     * segment and the address size.
     */
    private static int bytes(Cpu cpu, Instruction insn, Stretch stretch, long limit) {
        int size = insn.width().size();
        long elements = (PAGE_SIZE - (stretch.linear & PAGE_SIZE - 1)) / size;
        int bytes = (int) Math.min(elements, limit) * size;
        return bytes > size && !StringRegisters.downwards(cpu) && fits(cpu, insn, stretch, bytes)
                ? bytes
                : size;
    }

    private static boolean fits(Cpu cpu, Instruction insn, Stretch stretch, int bytes) {
        if (insn.addressSize() == Long.BYTES) {
            return true; // canonical addresses end with a page
        }
        long last = insn.addressSize() == Integer.BYTES ? 0xFFFF_FFFFL : 0xFFFF;
        if (stretch.offset + bytes - 1 > last) {
            return false;
        }
        try {
            cpu.segments.linear(stretch.segment, stretch.offset, bytes, stretch.write);
            return true;
        } catch (CpuFault beyondLimit) {
            return false; // some of the elements are inside all the same: one at a time
        }
    }
}
