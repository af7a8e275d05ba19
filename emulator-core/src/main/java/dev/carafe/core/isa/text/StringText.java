package dev.carafe.core.isa.text;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;

/** String instructions: their operands are not in the encoding, but are written. */
final class StringText {
    private StringText() {}

    /** Null for any other instruction. */
    static String of(Instruction instruction, Syntax syntax) {
        boolean intel = syntax == Syntax.INTEL;
        int size = size(instruction.operation());
        if (size == 0) {
            return null;
        }
        String source = memory(instruction, intel, size, Registers.RSI, instruction.segment());
        String destination = memory(instruction, intel, size, Registers.RDI, 0);
        String accumulator = (intel ? "" : "%") + RegisterNames.general(Registers.RAX, size);
        String port = intel ? "dx" : "(%dx)";
        String letter = intel ? "" : letter(size);
        return switch (instruction.operation()) {
            case MOVSB, MOVSW, MOVSD_STRING, MOVSQ ->
                    text(instruction, intel, "movs" + letter, destination, source);
            case CMPSB, CMPSW, CMPSD, CMPSQ ->
                    text(instruction, intel, "cmps" + letter, source, destination);
            case STOSB, STOSW, STOSD, STOSQ ->
                    text(instruction, intel, "stos", destination, accumulator);
            case LODSB, LODSW, LODSD, LODSQ ->
                    text(instruction, intel, "lods", accumulator, source);
            case SCASB, SCASW, SCASD, SCASQ ->
                    text(instruction, intel, "scas", accumulator, destination);
            case INSB, INSW, INSD -> text(instruction, intel, "ins" + letter, destination, port);
            case OUTSB, OUTSW, OUTSD -> text(instruction, intel, "outs" + letter, port, source);
            default ->
                    repeat(instruction)
                            + "xlat "
                            + memory(instruction, intel, 1, Registers.RBX, instruction.segment());
        };
    }

    private static String text(
            Instruction instruction, boolean intel, String name, String first, String second) {
        return repeat(instruction)
                + name
                + " "
                + (intel ? first + "," + second : second + "," + first);
    }

    private static String repeat(Instruction instruction) {
        if (instruction.repeat() == 0) {
            return "";
        }
        if (instruction.repeat() == Instruction.REPNE) {
            return "repnz ";
        }
        return switch (instruction.operation()) {
            case CMPSB, CMPSW, CMPSD, CMPSQ, SCASB, SCASW, SCASD, SCASQ, XLAT -> "repz ";
            default -> "rep ";
        };
    }

    private static String memory(
            Instruction instruction, boolean intel, int size, int register, int segment) {
        String pointer = RegisterNames.general(register, instruction.addressSize());
        String name = RegisterNames.segment(segment);
        if (!intel) {
            return "%" + name + ":(%" + pointer + ")";
        }
        String type =
                switch (size) {
                    case 1 -> "BYTE";
                    case 2 -> "WORD";
                    case 4 -> "DWORD";
                    default -> "QWORD";
                };
        return type + " PTR " + name + ":[" + pointer + "]";
    }

    private static String letter(int size) {
        return switch (size) {
            case 1 -> "b";
            case 2 -> "w";
            case 4 -> "l";
            default -> "q";
        };
    }

    /** Bytes of one element; 0 if it is no string instruction. */
    private static int size(Operation operation) {
        return switch (operation) {
            case MOVSB, CMPSB, STOSB, LODSB, SCASB, INSB, OUTSB, XLAT -> 1;
            case MOVSW, CMPSW, STOSW, LODSW, SCASW, INSW, OUTSW -> 2;
            case MOVSD_STRING, CMPSD, STOSD, LODSD, SCASD, INSD, OUTSD -> 4;
            case MOVSQ, CMPSQ, STOSQ, LODSQ, SCASQ -> 8;
            default -> 0;
        };
    }
}
