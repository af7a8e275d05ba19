package dev.carafe.core.isa.text;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;

/** How one syntax writes operands. */
interface Notation {
    /** Stands for a size that is not written. */
    int NO_SIZE = 0;

    boolean destinationLast();

    String register(String name);

    String immediate(long value);

    String farPointer(int selector, long offset);

    String debugRegister(int number);

    String port(String register);

    String indirect(String place);

    /**
     * @param size bytes, or {@link #NO_SIZE}
     */
    String memory(Instruction instruction, Operand operand, int size);

    /** The segment prefix that the text shows, or −1. */
    static int shownSegment(Instruction instruction) {
        boolean stack = instruction.base() == 4 || instruction.base() == 5;
        return instruction.segment() == (stack ? 2 : 3) ? -1 : instruction.segment();
    }

    /** The name of the index register; gathers have a vector register there. */
    static String index(Instruction instruction, Operand operand) {
        return operand.kind() == Kind.VECTOR_INDEXED
                ? RegisterNames.vector(instruction.index(), operand.register())
                : RegisterNames.general(instruction.index(), instruction.addressSize());
    }

    /** An address that is a number only. */
    static String absolute(Instruction instruction) {
        long value = instruction.displacement();
        int size = instruction.addressSize();
        if (size == 4 && instruction.mode() == CodeMode.CODE64) {
            return InstructionText.hex(value & 0xFFFF_FFFFL);
        }
        return InstructionText.hex(size == 8 ? value : value & (1L << 8 * size) - 1);
    }
}
