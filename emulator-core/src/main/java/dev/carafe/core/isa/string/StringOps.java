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
 * MOVS, STOS, LODS, SCAS and CMPS (SDM Vol. 1, "String Operations"). Upwards, REP MOVS and REP STOS take what lies in one page
 * of plain memory at once, with the bytes that one element after the other would give.
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
        long to = StringRegisters.destination(cpu, insn, size, true);
        if (limit > 1 && !StringRegisters.downwards(cpu)) {
            int room = Math.min(room(from, size, limit), room(to, size, limit));
            if (room > size && fits(cpu, insn, room, true)) {
                int bytes = cpu.memory.copyWithinPage(to, from, room, size);
                if (bytes != 0) {
                    StringRegisters.advanceSource(cpu, insn, bytes);
                    StringRegisters.advanceDestination(cpu, insn, bytes);
                    return bytes / size;
                }
            }
        }
        cpu.memory.checkRead(from, size);
        cpu.memory.checkWrite(to, size);
        cpu.memory.store(to, size, cpu.memory.load(from, size));
        long step = StringRegisters.step(cpu, size);
        StringRegisters.advanceSource(cpu, insn, step);
        StringRegisters.advanceDestination(cpu, insn, step);
        return 1;
    }

    private static long store(Cpu cpu, Instruction insn, long limit) {
        int size = insn.width().size();
        long to = StringRegisters.destination(cpu, insn, size, true);
        long value = Operands.register(cpu, Registers.RAX, size);
        if (limit > 1 && !StringRegisters.downwards(cpu)) {
            int room = room(to, size, limit);
            if (room > size && fits(cpu, insn, room, false) && cpu.memory.fillWithinPage(to, room, size, value)) {
                StringRegisters.advanceDestination(cpu, insn, room);
                return room / size;
            }
        }
        cpu.memory.store(to, size, value);
        StringRegisters.advanceDestination(cpu, insn, StringRegisters.step(cpu, size));
        return 1;
    }

    private static long load(Cpu cpu, Instruction insn, long limit) {
        int size = insn.width().size();
        long value = cpu.memory.load(StringRegisters.source(cpu, insn, size), size);
        Operands.setRegister(cpu, Registers.RAX, size, value);
        StringRegisters.advanceSource(cpu, insn, StringRegisters.step(cpu, size));
        return 1;
    }

    private static long scan(Cpu cpu, Instruction insn, long limit) {
        Width width = insn.width();
        long value = cpu.memory.load(StringRegisters.destination(cpu, insn, width.size(), false), width.size());
        IntegerArithmetic.subtract(
                cpu.flags, width, Operands.register(cpu, Registers.RAX, width.size()), value);
        StringRegisters.advanceDestination(cpu, insn, StringRegisters.step(cpu, width.size()));
        return Repeat.whileEqual(cpu, insn);
    }

    private static long compare(Cpu cpu, Instruction insn, long limit) {
        Width width = insn.width();
        int size = width.size();
        long from = StringRegisters.source(cpu, insn, size);
        long to = StringRegisters.destination(cpu, insn, size, false);
        long first = cpu.memory.load(from, size);
        long second = cpu.memory.load(to, size);
        IntegerArithmetic.subtract(cpu.flags, width, first, second);
        long step = StringRegisters.step(cpu, size);
        StringRegisters.advanceSource(cpu, insn, step);
        StringRegisters.advanceDestination(cpu, insn, step);
        return Repeat.whileEqual(cpu, insn);
    }

    /** Bytes of whole elements from an address to the end of its page, at most {@code limit} elements. */
    private static int room(long linear, int size, long limit) {
        long elements = (PAGE_SIZE - (linear & PAGE_SIZE - 1)) / size;
        return (int) Math.min(elements, limit) * size;
    }

    /** Whether so many bytes upwards neither wrap at the address size nor leave a segment. */
    private static boolean fits(Cpu cpu, Instruction insn, int bytes, boolean source) {
        if (insn.addressSize() == Long.BYTES) {
            return true; // canonical addresses end with a page
        }
        long last = insn.addressSize() == Integer.BYTES ? 0xFFFF_FFFFL : 0xFFFF;
        long to = StringRegisters.destinationOffset(cpu, insn);
        long from = source ? StringRegisters.sourceOffset(cpu, insn) : 0;
        if (to + bytes - 1 > last || from + bytes - 1 > last) {
            return false;
        }
        try {
            cpu.segments.linear(Segments.ES, to, bytes, true);
            if (source) {
                cpu.segments.linear(insn.segment(), from, bytes, false);
            }
            return true;
        } catch (CpuFault beyondLimit) {
            return false; // some of the elements are inside all the same: one at a time
        }
    }
}
