package dev.carafe.core.isa.text;

import dev.carafe.core.isa.Instruction;

/** What registers are called. */
final class RegisterNames {
    private static final String[] WORDS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] BYTES = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
    private static final String[] HIGH_BYTES = {"ah", "ch", "dh", "bh"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
    private static final int YMM_BYTES = 32;

    private RegisterNames() {}

    static String general(int number, int size) {
        if ((number & Instruction.HIGH_BYTE) != 0) {
            return HIGH_BYTES[number & 3];
        }
        if (number >= 8) {
            return "r"
                    + number
                    + switch (size) {
                        case 1 -> "b";
                        case 2 -> "w";
                        case 4 -> "d";
                        default -> "";
                    };
        }
        return switch (size) {
            case 1 -> BYTES[number];
            case 2 -> WORDS[number];
            case 4 -> "e" + WORDS[number];
            default -> "r" + WORDS[number];
        };
    }

    static String instructionPointer(int size) {
        return size == 4 ? "eip" : "rip";
    }

    static String segment(int number) {
        return SEGMENTS[number];
    }

    static String vector(int number, int size) {
        return (size == YMM_BYTES ? "ymm" : "xmm") + number;
    }

    static String mmx(int number) {
        return "mm" + (number & 7);
    }
}
