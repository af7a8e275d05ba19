package dev.carafe.core.cpu;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.util.HexFormat;

/** Instructions of tests, from their machine code. */
public final class MachineCode {
    private static final Decoder DECODER =
            new Decoder(OpcodeTables.loadText().index(feature -> true));

    private MachineCode() {}

    /**
     * The instruction at {@code cpu.rip}, in the processor's present code mode; {@code cpu.nextRip}
     * is behind it then.
     *
     * @param code bytes in hexadecimal, separated by spaces
     */
    public static Instruction at(Cpu cpu, String code) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(code);
        int[] next = {0};
        Instruction insn = DECODER.decode(cpu.control.codeMode(), () -> bytes[next[0]++] & 0xFF);
        cpu.nextRip = cpu.rip + insn.length();
        return insn;
    }
}
