package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import java.util.List;
import java.util.Locale;

/**
 * Instructions as text in Intel notation, for messages, traces and tests: {@code add dword ptr
 * [rax+rcx*4+0x10],ebx}.
 */
public final class Disassembler {
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
    private static final String[] WORDS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] BYTES = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
    private static final String[] HIGH_BYTES = {"ah", "ch", "dh", "bh"};

    private Disassembler() {}

    /**
     * @param next the address of the following instruction, for relative operands
     */
    public static String text(Instruction instruction, long next) {
        StringBuilder out = new StringBuilder(instruction.lock() ? "lock " : "");
        String name = instruction.operation().name().toLowerCase(Locale.ROOT);
        if (instruction.encoding().needsAvxState() && name.charAt(0) != 'v') {
            out.append('v');
        }
        out.append(name.replace("_string", "").replace("_sse", "").replace('_', ' '));
        List<Operand> operands = instruction.encoding().operands();
        for (int i = 0; i < operands.size(); i++) {
            out.append(i == 0 ? " " : ",").append(operand(instruction, operands.get(i), i, next));
        }
        return out.toString();
    }

    private static String operand(Instruction instruction, Operand operand, int place, long next) {
        int size = operand.sizeFor(instruction.width().size());
        return switch (operand.kind()) {
            case REGISTER -> register(instruction.reg(), size);
            case OPCODE_REGISTER -> register(instruction.rm(), size);
            case VEX_REGISTER -> register(instruction.immediate2(), size);
            case FIXED -> register(operand.register(), size);
            case REGISTER_OR_MEMORY ->
                    instruction.memory()
                            ? memory(instruction, size)
                            : register(instruction.rm(), size);
            case MEMORY, OFFSET -> memory(instruction, size);
            case ONE -> "1";
            case IMMEDIATE ->
                    hex(
                            place > 0 && instruction.encoding().notation().contains("iw ib")
                                    ? instruction.immediate2()
                                    : instruction.immediate());
            case RELATIVE -> hex(instruction.width().truncate(next + instruction.immediate()));
            case FAR_POINTER -> hex(instruction.immediate2()) + ":" + hex(instruction.immediate());
            case SEGMENT_REGISTER ->
                    SEGMENTS[operand.register() < 0 ? instruction.reg() : operand.register()];
            case CONTROL_REGISTER -> "cr" + instruction.reg();
            case DEBUG_REGISTER -> "dr" + instruction.reg();
            case ST_0 -> "st";
            case ST_I -> "st(" + (instruction.rm() & 7) + ")";
            case XMM -> vector(size, instruction.reg());
            case XMM_VEX -> vector(size, instruction.immediate2());
            case XMM_IMMEDIATE -> vector(size, (int) instruction.immediate() >> 4);
            case XMM_OR_MEMORY ->
                    instruction.memory()
                            ? memory(instruction, size)
                            : vector(size, instruction.rm());
            case VECTOR_INDEXED ->
                    memory(instruction, size)
                            .replaceFirst(
                                    "\\+?[a-z0-9]+(?=\\*)",
                                    (instruction.base() == Instruction.NO_REGISTER ? "" : "+")
                                            + vector(operand.register(), instruction.index()));
            case MMX -> "mm" + (instruction.reg() & 7);
            case MMX_OR_MEMORY ->
                    instruction.memory()
                            ? memory(instruction, size)
                            : "mm" + (instruction.rm() & 7);
        };
    }

    private static String vector(int size, int number) {
        return (size == 32 ? "ymm" : "xmm") + number;
    }

    private static String register(int number, int size) {
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

    private static String memory(Instruction instruction, int size) {
        StringBuilder out =
                new StringBuilder(
                        switch (size) {
                            case 1 -> "byte ptr ";
                            case 2 -> "word ptr ";
                            case 4 -> "dword ptr ";
                            case 8 -> "qword ptr ";
                            case 10 -> "tbyte ptr ";
                            case 16 -> "xmmword ptr ";
                            case 32 -> "ymmword ptr ";
                            default -> "";
                        });
        int base = instruction.base();
        boolean stack = base == 4 || base == 5;
        if (instruction.segment() != (stack ? 2 : 3)) {
            out.append(SEGMENTS[instruction.segment()]).append(':');
        }
        out.append('[');
        int start = out.length();
        int size2 = instruction.addressSize();
        if (base == Instruction.RIP) {
            out.append(size2 == 4 ? "eip" : "rip");
        } else if (base >= 0) {
            out.append(register(base, size2));
        }
        if (instruction.index() >= 0) {
            out.append(out.length() > start ? "+" : "")
                    .append(register(instruction.index(), size2));
            out.append(size2 == 2 ? "" : "*" + (1 << instruction.scale()));
        }
        long displacement = instruction.displacement();
        if (out.length() == start) {
            out.append(hex(size2 == 8 ? displacement : displacement & (1L << 8 * size2) - 1));
        } else if (displacement != 0) {
            out.append(displacement < 0 ? "-" : "+").append(hex(Math.abs(displacement)));
        }
        return out.append(']').toString();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
