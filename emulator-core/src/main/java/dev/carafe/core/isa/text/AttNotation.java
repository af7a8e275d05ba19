package dev.carafe.core.isa.text;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;

/** Operands as GNU's assembler reads them by default. */
final class AttNotation implements Notation {
    @Override
    public boolean destinationLast() {
        return true;
    }

    @Override
    public String register(String name) {
        return "%" + name;
    }

    @Override
    public String immediate(long value) {
        return "$" + InstructionText.hex(value);
    }

    @Override
    public String farPointer(int selector, long offset) {
        return immediate(selector) + "," + immediate(offset);
    }

    @Override
    public String debugRegister(int number) {
        return "db" + number;
    }

    @Override
    public String port(String register) {
        return "(" + register + ")";
    }

    @Override
    public String indirect(String place) {
        return "*" + place;
    }

    @Override
    public String memory(Instruction instruction, Operand operand, int size) {
        StringBuilder out = new StringBuilder();
        int segment = Notation.shownSegment(instruction);
        if (segment >= 0) {
            out.append('%').append(RegisterNames.segment(segment)).append(':');
        }
        if (instruction.base() == Instruction.NO_REGISTER
                && instruction.index() == Instruction.NO_REGISTER) {
            return out.append(Notation.absolute(instruction)).toString();
        }
        long displacement = instruction.displacement();
        if (displacement != 0) {
            out.append(displacement < 0 ? "-" : "")
                    .append(InstructionText.hex(Math.abs(displacement)));
        }
        out.append('(');
        if (instruction.base() == Instruction.RIP) {
            out.append('%').append(RegisterNames.instructionPointer(instruction.addressSize()));
        } else if (instruction.base() >= 0) {
            out.append('%')
                    .append(RegisterNames.general(instruction.base(), instruction.addressSize()));
        }
        if (instruction.index() >= 0) {
            out.append(",%").append(Notation.index(instruction, operand));
            if (instruction.addressSize() != 2) {
                out.append(',').append(1 << instruction.scale());
            }
        }
        return out.append(')').toString();
    }
}
