package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.BT;
import static dev.carafe.core.isa.Operation.BTC;
import static dev.carafe.core.isa.Operation.BTR;
import static dev.carafe.core.isa.Operation.BTS;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.ReadModifyWrite;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Semantics.Place;

/**
 * BT, BTS, BTR and BTC with a bit string in memory (SDM Vol. 2, BT): a bit offset in a register is
 * signed and reaches beyond the addressed word; an immediate one does not.
 */
public final class BitStrings {
    private BitStrings() {}

    @Semantics(value = BT, place = Place.MEMORY)
    public static void test(Cpu cpu, Instruction insn) {
        Width width = insn.width();
        long word = cpu.memory.load(address(cpu, insn, false), width.size());
        BitOps.bitTest(cpu.flags, width, word, Operands.read(cpu, insn, 1));
    }

    @Semantics(
            value = {BTS, BTR, BTC},
            place = Place.MEMORY)
    public static void change(Cpu cpu, Instruction insn) {
        int size = insn.width().size();
        long bit = Operands.read(cpu, insn, 1);
        long address = address(cpu, insn, true);
        if (!insn.lock()) {
            long offset = ReadModifyWrite.begin(cpu.memory, address, size);
            long old = ReadModifyWrite.load(cpu.memory, address, offset, size);
            ReadModifyWrite.store(cpu.memory, address, offset, size, changed(cpu, insn, old, bit));
            return;
        }
        long offset = ReadModifyWrite.beginLocked(cpu, address, size);
        long old;
        do {
            old = ReadModifyWrite.loadLocked(cpu, address, offset, size);
        } while (!ReadModifyWrite.storeLocked(
                cpu, address, offset, size, old, changed(cpu, insn, old, bit), 0));
    }

    private static long changed(Cpu cpu, Instruction insn, long old, long bit) {
        Width width = insn.width();
        Operation operation = insn.operation();
        if (operation == BTS) {
            return BitOps.bitTestAndSet(cpu.flags, width, old, bit);
        }
        return operation == BTR
                ? BitOps.bitTestAndReset(cpu.flags, width, old, bit)
                : BitOps.bitTestAndComplement(cpu.flags, width, old, bit);
    }

    private static long address(Cpu cpu, Instruction insn, boolean write) {
        Width width = insn.width();
        long offset = Operands.effectiveAddress(cpu, insn);
        if (insn.encoding().has(Kind.REGISTER)) {
            long index = width.signExtend(Operands.read(cpu, insn, 1));
            long words = index >> Integer.numberOfTrailingZeros(width.bits());
            offset += words * width.size();
            offset =
                    insn.addressSize() == Long.BYTES
                            ? offset
                            : Width.ofSize(insn.addressSize()).truncate(offset);
        }
        return cpu.segments.linear(insn.segment(), offset, width.size(), write);
    }
}
