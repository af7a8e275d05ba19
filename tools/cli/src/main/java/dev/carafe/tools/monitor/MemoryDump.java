package dev.carafe.tools.monitor;

import static dev.carafe.tools.monitor.PagingText.hex;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.text.InstructionText;
import dev.carafe.core.isa.text.Syntax;
import dev.carafe.tools.monitor.Session.Still;

/** {@code x} and {@code xp}: memory as numbers, characters or instructions. */
final class MemoryDump {
    private static final int LINE = 16;
    private static final int SHORT_LINE = 8;
    private static final int LONGEST_INSTRUCTION = 15;
    private static final int BYTES_SHOWN = 8;

    private final Still still;
    private final boolean physical;
    private final StringBuilder out = new StringBuilder();

    private MemoryDump(Still still, boolean physical) {
        this.still = still;
        this.physical = physical;
    }

    /** Numbers or characters. */
    static String numbers(Still still, boolean physical, Format format, long address) {
        MemoryDump dump = new MemoryDump(still, physical);
        dump.numbers(format, address);
        return dump.out.toString();
    }

    /** Instructions, read as the processor would now. */
    static String instructions(
            Still still, boolean physical, int count, long address, Syntax syntax) {
        MemoryDump dump = new MemoryDump(still, physical);
        dump.instructions(count, address, syntax);
        return dump.out.toString();
    }

    private int read(long address, byte[] into) {
        return physical
                ? still.memory().readPhysical(address, into)
                : still.memory().read(still.vcpu(), address, into);
    }

    private void numbers(Format format, long address) {
        int size = format.letter() == 'c' ? 1 : format.size();
        int line = format.letter() == 'c' || size == 1 ? SHORT_LINE : LINE;
        long left = (long) format.count() * size;
        for (long at = address; left > 0; at += line, left -= line) {
            byte[] bytes = new byte[(int) Math.min(line, left)];
            out.append(hex(at, 16)).append(':');
            if (read(at, bytes) < bytes.length) {
                out.append(" Cannot access memory\n");
                return;
            }
            for (int i = 0; i < bytes.length; i += size) {
                long value = 0;
                for (int j = size - 1; j >= 0; j--) {
                    value = value << 8 | bytes[i + j] & 0xFF;
                }
                out.append(' ').append(format.cell(value));
            }
            out.append('\n');
        }
    }

    private void instructions(int count, long address, Syntax syntax) {
        CodeMode mode = still.cpu().control.codeMode();
        Decoder decoder = still.parts().machine().decoder();
        long at = address;
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[LONGEST_INSTRUCTION];
            int known = read(at, bytes);
            Instruction instruction = known == 0 ? null : decode(decoder, mode, bytes, known);
            String place = "0x" + hex(at, 8) + ":";
            if (instruction == null) {
                out.append(place).append(" unable to read memory\n");
                return;
            }
            int length = instruction.length();
            String text = InstructionText.of(instruction, at + length, syntax);
            line(place, bytes, length, text);
            at += length;
        }
    }

    /** Null when the instruction reaches into what cannot be read. */
    private static Instruction decode(Decoder decoder, CodeMode mode, byte[] bytes, int known) {
        int[] next = {0};
        try {
            return decoder.decode(
                    mode,
                    () -> {
                        if (next[0] >= known) {
                            throw CpuFault.generalProtection(0);
                        }
                        return bytes[next[0]++] & 0xFF;
                    });
        } catch (CpuFault unreadable) {
            return null;
        }
    }

    private void line(String place, byte[] bytes, int length, String text) {
        for (int start = 0; start < length; start += BYTES_SHOWN) {
            StringBuilder shown = new StringBuilder();
            for (int i = start; i < Math.min(length, start + BYTES_SHOWN); i++) {
                shown.append(hex(bytes[i] & 0xFF, 2)).append(' ');
            }
            out.append(start == 0 ? place : " ".repeat(place.length()));
            out.append("  ").append("%-24s".formatted(shown));
            out.append(start == 0 ? " " + text : "").append('\n');
        }
    }
}
