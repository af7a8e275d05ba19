package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.CMPXCHG;
import static dev.carafe.core.isa.Operation.CMPXCHG16B;
import static dev.carafe.core.isa.Operation.CMPXCHG8B;
import static dev.carafe.core.isa.Operation.XADD;
import static dev.carafe.core.isa.Operation.XCHG;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.ReadModifyWrite;
import dev.carafe.core.isa.Semantics;

/**
 * Instructions with two results, one of them often in locked memory (SDM Vol. 2, XCHG, XADD,
 * CMPXCHG, CMPXCHG8B/CMPXCHG16B).
 */
public final class Exchange {
    private static final int QUADWORD = Long.BYTES;
    private static final int OCTOWORD = 16;

    private Exchange() {}

    /** What the destination becomes, given what it holds. */
    @FunctionalInterface
    private interface Update {
        long apply(long old);
    }

    /** XCHG with memory is locked whether it says so or not. */
    @Semantics(XCHG)
    public static void exchange(Cpu cpu, Instruction insn) {
        long source = Operands.read(cpu, insn, 1);
        long old = update(cpu, insn, true, ignored -> source);
        Operands.write(cpu, insn, 1, old);
    }

    /**
     * The sum goes to the destination last, so that XADD r, r with one register twice leaves the
     * sum.
     */
    @Semantics(XADD)
    public static void exchangeAdd(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long source = Operands.read(cpu, insn, 1);
        if (insn.memory()) {
            long old = update(cpu, insn, insn.lock(), value -> width.truncate(value + source));
            IntegerArithmetic.add(cpu.flags, width, old, source);
            Operands.write(cpu, insn, 1, old);
        } else {
            long old = Operands.read(cpu, insn, 0);
            Operands.write(cpu, insn, 1, old);
            Operands.write(cpu, insn, 0, IntegerArithmetic.add(cpu.flags, width, old, source));
        }
    }

    /**
     * A destination in memory is written in any case, with its old value when the comparison fails.
     * A 32-bit register that keeps its value also keeps its upper half, as processors do.
     */
    @Semantics(CMPXCHG)
    public static void compareExchange(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long expected = Operands.register(cpu, Registers.RAX, width.size());
        long source = Operands.read(cpu, insn, 1);
        long old;
        if (insn.memory()) {
            old = update(cpu, insn, insn.lock(), value -> value == expected ? source : value);
        } else {
            old = Operands.read(cpu, insn, 0);
            if (old == expected) {
                Operands.write(cpu, insn, 0, source);
            }
        }
        IntegerArithmetic.subtract(cpu.flags, width, expected, old);
        if (old != expected) {
            Operands.setRegister(cpu, Registers.RAX, width.size(), old);
        }
    }

    /** Replaces operand 0; returns what it held. */
    private static long update(Cpu cpu, Instruction insn, boolean locked, Update update) {
        if (!insn.memory()) {
            long old = Operands.read(cpu, insn, 0);
            Operands.write(cpu, insn, 0, update.apply(old));
            return old;
        }
        int size = insn.width().size();
        return update(cpu, Operands.address(cpu, insn, size, true), size, locked, update);
    }

    private static long update(Cpu cpu, long address, int size, boolean locked, Update update) {
        long old;
        if (!locked) {
            long offset = ReadModifyWrite.begin(cpu.memory, address, size);
            old = ReadModifyWrite.load(cpu.memory, address, offset, size);
            ReadModifyWrite.store(cpu.memory, address, offset, size, update.apply(old));
            return old;
        }
        long offset = ReadModifyWrite.beginLocked(cpu, address, size);
        do {
            old = ReadModifyWrite.loadLocked(cpu, address, offset, size);
        } while (!ReadModifyWrite.storeLocked(
                cpu, address, offset, size, old, update.apply(old), 0));
        return old;
    }

    @Semantics(CMPXCHG8B)
    public static void compareExchange8(Cpu cpu, Instruction insn) {
        long[] regs = cpu.regs;
        long expected = regs[Registers.RDX] << 32 | Width.W32.truncate(regs[Registers.RAX]);
        long source = regs[Registers.RCX] << 32 | Width.W32.truncate(regs[Registers.RBX]);
        long address = Operands.address(cpu, insn, QUADWORD, true);
        long old =
                update(
                        cpu,
                        address,
                        QUADWORD,
                        insn.lock(),
                        value -> value == expected ? source : value);
        cpu.flags.setZero(old == expected);
        if (old != expected) {
            regs[Registers.RAX] = Width.W32.truncate(old);
            regs[Registers.RDX] = old >>> 32;
        }
    }

    /**
     * The operand must be aligned. Always exclusive: hosts have no 16-byte operation that Java
     * could name.
     */
    @Semantics(CMPXCHG16B)
    public static void compareExchange16(Cpu cpu, Instruction insn) {
        long[] regs = cpu.regs;
        long address = Operands.address(cpu, insn, OCTOWORD, true);
        Operands.checkAligned16(address);
        cpu.memory.locked.begin16(address);
        try {
            long low = cpu.memory.load64(address);
            long high = cpu.memory.load64(address + QUADWORD);
            boolean equal = low == regs[Registers.RAX] && high == regs[Registers.RDX];
            cpu.memory.store64(address, equal ? regs[Registers.RBX] : low);
            cpu.memory.store64(address + QUADWORD, equal ? regs[Registers.RCX] : high);
            cpu.flags.setZero(equal);
            if (!equal) {
                regs[Registers.RAX] = low;
                regs[Registers.RDX] = high;
            }
        } finally {
            cpu.memory.locked.end();
        }
    }
}
