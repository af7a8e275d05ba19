package dev.carafe.core.isa.decode;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Writes machine code for a row of the opcode tables: what the row leaves open – registers,
 * addressing, sizes, immediates, prefixes without effect and their order – is chosen by whoever
 * asks. What comes out has been decoded again and found to be that row. Used by one thread.
 */
public final class EncodingSampler {
    private static final int TAIL = 16; // more than displacement and immediate can need
    private static final int ATTEMPTS = 64;
    private static final int[] SEGMENTS = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
    private static final int REGISTER_MOD = 0xC0;

    /**
     * Machine code and what it means.
     *
     * @param displacementAt where a displacement of the memory operand would begin
     */
    public record Sample(byte[] bytes, Instruction instruction, int displacementAt) {}

    private final OpcodeTables tables;
    private final Decoder decoder;
    private final byte[] buffer = new byte[64];

    // The instruction that is being written.
    private OpcodeRow row;
    private CodeMode mode;
    private IntUnaryOperator below;
    private int at;
    private boolean memory;
    private boolean shortAddresses;
    private int displacementAt;

    public EncodingSampler(OpcodeTables tables) {
        this.tables = tables;
        decoder = new Decoder(tables.index(feature -> true));
    }

    /** Whether code of that mode can have the row at all. */
    public boolean possible(Encoding encoding, CodeMode code) {
        return encoding != OpcodeTables.INVALID
                && (rowOf(encoding).accepts & Conditions.CODE16 << code.ordinal()) != 0;
    }

    private OpcodeRow rowOf(Encoding encoding) {
        return tables.opcodeRows().get(encoding.id() - 1);
    }

    /**
     * @param choices gives a number from 0 to its argument, exclusively
     * @return null when no choice led to the row: another row hides it in this mode
     */
    public Sample sample(Encoding encoding, CodeMode code, IntUnaryOperator choices) {
        row = rowOf(encoding);
        mode = code;
        below = choices;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            at = 0;
            displacementAt = 0;
            write();
            int written = at;
            for (int i = 0; i < TAIL; i++) {
                put(below.applyAsInt(256));
            }
            Instruction instruction = decode();
            if (instruction != null
                    && instruction.encoding().id() == encoding.id()
                    && instruction.length() >= written) {
                return new Sample(
                        Arrays.copyOf(buffer, instruction.length()), instruction, displacementAt);
            }
        }
        return null;
    }

    /** What the first bytes of an array mean, with every feature there is; null if too long. */
    public Instruction decode(byte[] bytes, CodeMode code) {
        mode = code;
        System.arraycopy(bytes, 0, buffer, 0, bytes.length);
        return decode();
    }

    private Instruction decode() {
        int[] next = {0};
        try {
            return decoder.decode(mode, () -> buffer[next[0]++] & 0xFF);
        } catch (CpuFault tooLong) {
            return null;
        }
    }

    private void write() {
        memory = chooseMemory();
        if (row.map >= OpcodeRow.VEX) {
            writeVex();
        } else {
            writeLegacy();
        }
        if (row.modRmByte != OpcodeRow.NO_MODRM_BYTE) {
            put(row.modRmByte);
        } else if (row.modRm) {
            writeModRm();
        } else {
            displacementAt = at;
        }
    }

    private boolean chooseMemory() {
        return switch (row.accepts & Conditions.FORMS) {
            case Conditions.MEMORY_FORM -> true;
            case Conditions.REGISTER_FORM -> false;
            default -> chance(2);
        };
    }

    private void writeLegacy() {
        boolean code64 = mode == CodeMode.CODE64;
        int mandatory = chosen(Conditions.NO_PREFIX, 4);
        boolean wide = code64 && (row.accepts & Conditions.WIDE) == Conditions.W1;
        if (code64 && (row.accepts & Conditions.WIDE) == Conditions.WIDE) {
            wide = chance(3);
        }
        shortAddresses = chance(12);
        if ((row.accepts & Conditions.PREFIXES) == Conditions.PREFIXES) {
            mandatory = chance(4) ? Conditions.PREFIX_66 : Conditions.NO_PREFIX;
            if (chance(row.encoding.operands().isEmpty() && !row.modRm ? 2 : 24)) {
                mandatory |= chance(2) ? Conditions.PREFIX_F3 : Conditions.PREFIX_F2;
            }
        } else if ((mandatory & (Conditions.PREFIX_F3 | Conditions.PREFIX_F2)) != 0 && chance(8)) {
            mandatory |= Conditions.PREFIX_66;
        }
        if ((row.accepts & Conditions.OPERAND_SIZES) == Conditions.OPERAND16) {
            mandatory |= mode == CodeMode.CODE16 ? 0 : Conditions.PREFIX_66;
            wide = false;
        }
        if (mode == CodeMode.CODE16
                && (row.accepts & Conditions.OPERAND_SIZES) == Conditions.OPERAND32) {
            mandatory |= Conditions.PREFIX_66;
        }
        if ((row.accepts & Conditions.OPERAND_SIZES) == Conditions.OPERAND64) {
            wide = code64;
        }
        if ((row.accepts & Conditions.ADDRESS_SIZES) != Conditions.ADDRESS_SIZES) {
            shortAddresses = chance(2);
        }
        int first = at;
        putIf(shortAddresses, 0x67);
        putIf((mandatory & Conditions.PREFIX_66) != 0, 0x66);
        putIf((mandatory & Conditions.PREFIX_F3) != 0, 0xF3);
        putIf((mandatory & Conditions.PREFIX_F2) != 0, 0xF2);
        putIf(row.encoding.lockable() && memory && chance(6), 0xF0);
        putIf(chance(10), SEGMENTS[below.applyAsInt(SEGMENTS.length)]);
        shuffle(first);
        if (code64 && (wide || chance(2))) {
            put(0x40 | (wide ? 8 : 0) | below.applyAsInt(8));
        }
        if (row.map != OpcodeRow.ONE_BYTE) {
            put(0x0F);
            putIf(row.map == OpcodeRow.MAP_0F38, 0x38);
            putIf(row.map == OpcodeRow.MAP_0F3A, 0x3A);
        }
        put(row.opcode | (row.opcodeRegister ? below.applyAsInt(8) : 0));
    }

    /** The prefixes from {@code first} on, in any order. */
    private void shuffle(int first) {
        for (int i = at - 1; i > first; i--) {
            int other = first + below.applyAsInt(i - first + 1);
            byte kept = buffer[i];
            buffer[i] = buffer[other];
            buffer[other] = kept;
        }
    }

    private void writeVex() {
        boolean code64 = mode == CodeMode.CODE64;
        shortAddresses = chance(12);
        putIf(shortAddresses, 0x67);
        putIf(chance(10), SEGMENTS[below.applyAsInt(SEGMENTS.length)]);
        int mandatory = chosen(Conditions.NO_PREFIX, 4);
        int pp =
                switch (mandatory) {
                    case Conditions.PREFIX_66 -> 1;
                    case Conditions.PREFIX_F3 -> 2;
                    case Conditions.PREFIX_F2 -> 3;
                    default -> 0;
                };
        boolean wide = chosen(Conditions.W0, 2) == Conditions.W1;
        int length = chosen(Conditions.L0, 2) == Conditions.L1 ? 4 : 0;
        int register = row.vexRegister ? below.applyAsInt(code64 ? 16 : 8) : 0;
        int last = (~register & 15) << 3 | length | pp;
        int inverted = code64 ? below.applyAsInt(8) << 5 : 0xE0;
        boolean two =
                row.map == OpcodeRow.VEX + OpcodeRow.MAP_0F
                        && !wide
                        && (inverted & 0x60) == 0x60
                        && chance(2);
        if (two) {
            put(0xC5);
            put(inverted & 0x80 | last);
        } else {
            put(0xC4);
            put(inverted | row.map - OpcodeRow.VEX);
            put((wide ? 0x80 : 0) | last);
        }
        put(row.opcode);
    }

    private void writeModRm() {
        int reg = below.applyAsInt(8);
        if ((row.accepts & Conditions.DIGITS) != Conditions.DIGITS) {
            reg = Integer.numberOfTrailingZeros(chosen(Conditions.DIGIT_0, 8) / Conditions.DIGIT_0);
        }
        int rm = below.applyAsInt(8);
        if (row.ignoresMod || !memory) {
            int mod = row.ignoresMod ? below.applyAsInt(4) << 6 : REGISTER_MOD;
            put(mod | reg << 3 | rm);
            displacementAt = at;
            return;
        }
        int mod = below.applyAsInt(3);
        put(mod << 6 | reg << 3 | rm);
        if (rm == 4 && !addresses16()) {
            put(below.applyAsInt(256));
        }
        displacementAt = at;
    }

    private boolean addresses16() {
        return mode != CodeMode.CODE64 && shortAddresses == (mode == CodeMode.CODE32);
    }

    /** One of the neighbouring conditions, from {@code first} on, that the row accepts. */
    private int chosen(int first, int count) {
        int start = below.applyAsInt(count);
        for (int i = 0; i < count; i++) {
            int condition = first << (start + i) % count;
            if ((row.accepts & condition) != 0) {
                return condition;
            }
        }
        return 0;
    }

    private boolean chance(int oneIn) {
        return below.applyAsInt(oneIn) == 0;
    }

    private void putIf(boolean wanted, int value) {
        if (wanted) {
            put(value);
        }
    }

    private void put(int value) {
        buffer[at++] = (byte) value;
    }
}
