package dev.carafe.core.isa.text;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;

/** Operands as the manual writes them. */
final class IntelNotation implements Notation {
    @Override
    public boolean destinationLast() {
        return false;
    }

    @Override
    public String register(String name) {
        return name;
    }

    @Override
    public String immediate(long value) {
        return InstructionText.hex(value);
    }

    @Override
    public String farPointer(int selector, long offset) {
        return InstructionText.hex(selector) + ":" + InstructionText.hex(offset);
    }

    @Override
    public String debugRegister(int number) {
        return "dr" + number;
    }

    @Override
    public String port(String register) {
        return register;
    }

    @Override
    public String indirect(String place) {
        return place;
    }

    @Override
    public String memory(Instruction instruction, Operand operand, int size) {
        StringBuilder out = new StringBuilder(size(instruction, size));
        int segment = Notation.shownSegment(instruction);
        boolean numberOnly =
                instruction.base() == Instruction.NO_REGISTER
                        && instruction.index() == Instruction.NO_REGISTER;
        if (segment >= 0 || numberOnly) {
            out.append(RegisterNames.segment(instruction.segment())).append(':');
        }
        if (numberOnly) {
            return out.append(Notation.absolute(instruction)).toString();
        }
        return out.append('[').append(sum(instruction, operand)).append(']').toString();
    }

    private static String sum(Instruction instruction, Operand operand) {
        StringBuilder out = new StringBuilder();
        if (instruction.base() == Instruction.RIP) {
            out.append(RegisterNames.instructionPointer(instruction.addressSize()));
        } else if (instruction.base() >= 0) {
            out.append(RegisterNames.general(instruction.base(), instruction.addressSize()));
        }
        if (instruction.index() >= 0) {
            out.append(out.isEmpty() ? "" : "+").append(Notation.index(instruction, operand));
            if (instruction.addressSize() != 2) {
                out.append('*').append(1 << instruction.scale());
            }
        }
        long displacement = instruction.displacement();
        if (displacement < 0 && instruction.base() == Instruction.RIP) {
            out.append('+').append(InstructionText.hex(displacement)); // as objdump does
        } else if (displacement != 0) {
            out.append(displacement < 0 ? "-" : "+")
                    .append(InstructionText.hex(Math.abs(displacement)));
        }
        return out.toString();
    }

    private static String size(Instruction instruction, int bytes) {
        return switch (bytes) {
            case 1 -> "BYTE PTR ";
            case 2 -> "WORD PTR ";
            case 4 -> "DWORD PTR ";
            case 6 -> "FWORD PTR ";
            case 8 -> "QWORD PTR ";
            case 10 -> "TBYTE PTR ";
            case 16 ->
                    instruction.operation() == Operation.CMPXCHG16B ? "OWORD PTR " : "XMMWORD PTR ";
            case 32 -> "YMMWORD PTR ";
            default -> "";
        };
    }
}
