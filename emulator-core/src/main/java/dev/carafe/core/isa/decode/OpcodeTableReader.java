package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads opcode tables. One line is one encoding: opcode, mnemonic, operands, notes, in the notation
 * of SDM Vol. 2, "Instruction Format" ({@code #} starts a comment line).
 *
 * <ul>
 *   <li><b>Opcode:</b> {@code 66}, {@code F2}, {@code F3} before {@code 0F} are mandatory prefixes,
 *       {@code NP} forbids all three, {@code NFx} forbids F2 and F3; {@code REX.W}; {@code
 *       VEX.length.prefix.map}, perhaps with {@code .W0} or {@code .W1}; {@code /r}, {@code
 *       /digit}, {@code +rb}, {@code +rW}; a byte behind a complete opcode is the whole ModRM byte.
 *       Then {@code ib iw iW iV} (8, 16, 16/32, 16/32/64 bits), {@code cb cW cp} and {@code mo} (a
 *       full address).
 *   <li><b>Operands:</b> {@code W} stands for 16, 32 or 64 by the operand size, {@code Y} for 32 or
 *       64 by REX.W alone, {@code N} for the code's natural 32 or 64; {@code v} is VEX.vvvv; {@code
 *       imm8s} is sign-extended; {@code vxmm} and {@code vymm} are VEX.vvvv, {@code ixmm} and
 *       {@code iymm} the register in the immediate.
 *   <li><b>Mnemonic:</b> where there is no such operation, a VEX-encoded row means the operation
 *       without the V.
 *   <li><b>Notes:</b> {@code lock} allowed with a memory destination; {@code i64} not in 64-bit
 *       code, {@code o64} only there; {@code d64}, {@code f64}, {@code z} see {@link SizeRule};
 *       {@code byte}: 8-bit data though no operand says so; {@code os16 os32 os64}, {@code as16
 *       as32 as64}: only with this operand or address size; {@code reg}, {@code mem}: only with a
 *       register, or memory, in ModRM.rm; {@code anymod}: ModRM.mod is ignored and a register
 *       meant; {@code norexb}: only without REX.B; {@code feature=name}: only in processors that
 *       have it, all of them if several are joined by {@code +}.
 * </ul>
 */
final class OpcodeTableReader {
    private static final Map<String, Operation> OPERATIONS =
            Arrays.stream(Operation.values()).collect(Collectors.toMap(Operation::name, o -> o));

    private static final int FIRST_ESCAPE = 0xD8;

    private final List<OpcodeRow> rows = new ArrayList<>();
    private final OperandParser operandParser = new OperandParser();
    private int nextId;

    // The line that is being read.
    private String line;
    private int at;
    private Operation operation;
    private List<Operand> operands;
    private int map;
    private int opcode;
    private int accepts;
    private int operandSizes;
    private int addressSizes;
    private int modRmByte;
    private boolean modRm;
    private boolean ignoresMod;
    private boolean opcodeRegister;
    private boolean lockable;
    private SizeRule sizeRule;
    private ImmediateForm immediate;
    private String feature;

    /**
     * @param firstId of the first row
     */
    OpcodeTableReader(int firstId) {
        this.nextId = firstId;
    }

    List<OpcodeRow> rows() {
        return rows;
    }

    void read(String text) {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start && text.charAt(start) != '#') {
                readLine(text.substring(start, end));
            }
            start = end + 1;
        }
    }

    private void readLine(String text) {
        begin(text);
        StringBuilder notation = new StringBuilder(text.length());
        for (String token = token(); token != null; token = token()) {
            notation.append(notation.isEmpty() ? "" : " ").append(token);
            if (operation == null) {
                if (!opcodeToken(token)) {
                    operation = operationNamed(token);
                }
            } else if (!note(token)) {
                operand(token);
            }
        }
        if (operation == null || opcode < 0) {
            throw malformed("no opcode or no mnemonic");
        }
        finish(notation.toString());
    }

    private void begin(String text) {
        line = text;
        at = 0;
        operation = null;
        operands = new ArrayList<>(4);
        map = OpcodeRow.ONE_BYTE;
        opcode = -1;
        accepts = Conditions.ALL;
        operandSizes = 0;
        addressSizes = 0;
        modRmByte = OpcodeRow.NO_MODRM_BYTE;
        modRm = false;
        ignoresMod = false;
        opcodeRegister = false;
        lockable = false;
        sizeRule = SizeRule.PREFIXES;
        immediate = ImmediateForm.NONE;
        feature = "";
    }

    private String token() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (at == line.length()) {
            return null;
        }
        int start = at;
        int end = line.indexOf(' ', start);
        at = end < 0 ? line.length() : end;
        return line.substring(start, at);
    }

    private boolean opcodeToken(String token) {
        int value = hexByte(token);
        if (value >= 0 && token.length() == 2) {
            opcodeByte(value);
            return true;
        }
        if (value >= 0 && token.startsWith("+r", 2)) {
            opcodeByte(value);
            opcodeRegister = true;
            return true;
        }
        if (token.startsWith("VEX.")) {
            vex(token);
            return true;
        }
        switch (token) {
            case "NP" -> only(Conditions.PREFIXES, Conditions.NO_PREFIX);
            case "NFx" -> only(Conditions.PREFIXES, Conditions.NO_PREFIX | Conditions.PREFIX_66);
            case "REX.W" -> only(Conditions.WIDE, Conditions.W1);
            case "/r" -> modRm = true;
            case "ib" ->
                    immediate =
                            immediate == ImmediateForm.WORD
                                    ? ImmediateForm.WORD_BYTE
                                    : ImmediateForm.BYTE;
            case "iw" -> immediate = ImmediateForm.WORD;
            case "iW" -> immediate = ImmediateForm.OPERAND_SIZE;
            case "iV" -> immediate = ImmediateForm.FULL;
            case "cb" -> immediate = ImmediateForm.RELATIVE_BYTE;
            case "cW" -> immediate = ImmediateForm.RELATIVE;
            case "cp" -> immediate = ImmediateForm.FAR_POINTER;
            case "mo" -> immediate = ImmediateForm.OFFSET;
            default -> {
                if (token.length() != 2 || token.charAt(0) != '/') {
                    return false;
                }
                modRm = true;
                only(Conditions.DIGITS, Conditions.DIGIT_0 << token.charAt(1) - '0');
            }
        }
        return true;
    }

    private void opcodeByte(int value) {
        if (opcode >= 0) {
            modRm = true;
            modRmByte = value;
        } else if (map == OpcodeRow.ONE_BYTE && value == 0x0F) {
            map = OpcodeRow.MAP_0F;
        } else if (map == OpcodeRow.MAP_0F && value == 0x38) {
            map = OpcodeRow.MAP_0F38;
        } else if (map == OpcodeRow.MAP_0F && value == 0x3A) {
            map = OpcodeRow.MAP_0F3A;
        } else if (map == OpcodeRow.ONE_BYTE && value == 0x66) {
            only(Conditions.PREFIXES, Conditions.PREFIX_66);
        } else if (map == OpcodeRow.ONE_BYTE && value == 0xF2) {
            only(Conditions.PREFIXES, Conditions.PREFIX_F2);
        } else if (map == OpcodeRow.ONE_BYTE && value == 0xF3) {
            only(Conditions.PREFIXES, Conditions.PREFIX_F3);
        } else {
            opcode = value;
            if (map == OpcodeRow.ONE_BYTE && (value & ~7) == FIRST_ESCAPE) {
                immediate = ImmediateForm.ESCAPE;
            }
        }
    }

    /** The token's first two characters as a number, or -1. */
    private static int hexByte(String token) {
        if (token.length() < 2) {
            return -1;
        }
        int high = hexDigit(token.charAt(0));
        int low = hexDigit(token.charAt(1));
        return high < 0 || low < 0 || token.length() > 2 && token.charAt(2) != '+'
                ? -1
                : high << 4 | low;
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    /** VEX.length.prefix.map. */
    private void vex(String token) {
        int prefix = token.indexOf('.', 4) + 1;
        int mapAt = token.indexOf('.', prefix) + 1;
        switch (token.substring(4, prefix - 1)) {
            case "LZ", "L0", "128" -> only(Conditions.LENGTHS, Conditions.L0);
            case "L1", "256" -> only(Conditions.LENGTHS, Conditions.L1);
            case "LIG" -> {}
            default -> throw malformed("VEX length");
        }
        switch (token.substring(prefix, mapAt - 1)) {
            case "NP" -> only(Conditions.PREFIXES, Conditions.NO_PREFIX);
            case "66" -> only(Conditions.PREFIXES, Conditions.PREFIX_66);
            case "F3" -> only(Conditions.PREFIXES, Conditions.PREFIX_F3);
            case "F2" -> only(Conditions.PREFIXES, Conditions.PREFIX_F2);
            default -> throw malformed("VEX prefix");
        }
        int wideAt = token.indexOf(".W", mapAt);
        if (wideAt > 0) {
            only(Conditions.WIDE, token.charAt(wideAt + 2) == '0' ? Conditions.W0 : Conditions.W1);
        }
        map =
                OpcodeRow.VEX
                        + switch (token.substring(mapAt, wideAt > 0 ? wideAt : token.length())) {
                            case "0F" -> OpcodeRow.MAP_0F;
                            case "0F38" -> OpcodeRow.MAP_0F38;
                            case "0F3A" -> OpcodeRow.MAP_0F3A;
                            default -> throw malformed("VEX map");
                        };
    }

    private boolean note(String token) {
        switch (token) {
            case "lock" -> lockable = true;
            case "i64" -> only(Conditions.MODES, Conditions.CODE16 | Conditions.CODE32);
            case "o64" -> only(Conditions.MODES, Conditions.CODE64);
            case "d64" -> sizeRule = SizeRule.DEFAULT_64;
            case "f64" -> sizeRule = SizeRule.FORCED_64;
            case "z" -> sizeRule = SizeRule.WORD_OR_DOUBLE;
            case "byte" -> sizeRule = SizeRule.BYTE;
            case "os16" -> operandSizes |= Conditions.OPERAND16;
            case "os32" -> operandSizes |= Conditions.OPERAND32;
            case "os64" -> operandSizes |= Conditions.OPERAND64;
            case "as16" -> addressSizes |= Conditions.ADDRESS16;
            case "as32" -> addressSizes |= Conditions.ADDRESS32;
            case "as64" -> addressSizes |= Conditions.ADDRESS64;
            case "reg" -> only(Conditions.FORMS, Conditions.REGISTER_FORM);
            case "mem" -> only(Conditions.FORMS, Conditions.MEMORY_FORM);
            case "anymod" -> ignoresMod = true;
            case "norexb" -> only(Conditions.EXTENDED, Conditions.B0);
            default -> {
                if (!token.startsWith("feature=")) {
                    return false;
                }
                feature = token.substring("feature=".length());
            }
        }
        return true;
    }

    private void operand(String token) {
        String name = token.endsWith(",") ? token.substring(0, token.length() - 1) : token;
        Operand operand = operandParser.parse(name, opcodeRegister);
        if (operand == null) {
            throw malformed("operand or note " + token);
        }
        operands.add(operand);
        if (name.equals("imm8s")) {
            immediate = ImmediateForm.BYTE_SIGNED;
        }
        if (operand.kind() == Operand.Kind.MEMORY
                || operand.kind() == Operand.Kind.VECTOR_INDEXED) {
            only(Conditions.FORMS, Conditions.MEMORY_FORM);
        } else if (operand.kind() == Operand.Kind.ST_I) {
            only(Conditions.FORMS, Conditions.REGISTER_FORM);
        }
        if (operand.size() == Operand.BY_OPERAND_SIZE) {
            if (name.endsWith("Y")) {
                sizeRule = SizeRule.DOUBLE_OR_QUAD;
            } else if (name.endsWith("N")) {
                sizeRule = SizeRule.NATURAL;
            } else if (name.equals("eAX")) {
                sizeRule = SizeRule.WORD_OR_DOUBLE;
            }
        }
    }

    private void only(int group, int accepted) {
        accepts &= ~group | accepted;
    }

    private void finish(String notation) {
        if (operandSizes != 0) {
            only(Conditions.OPERAND_SIZES, operandSizes);
        }
        if (addressSizes != 0) {
            only(Conditions.ADDRESS_SIZES, addressSizes);
        }
        if (sizeRule == SizeRule.PREFIXES && OperandParser.bytesOnly(operands)) {
            sizeRule = SizeRule.BYTE;
        }
        Encoding encoding =
                new Encoding(nextId++, operation, List.copyOf(operands), lockable, notation);
        rows.add(
                new OpcodeRow(
                        encoding,
                        new OpcodeRow.Selection(
                                map,
                                opcode,
                                accepts,
                                modRmByte,
                                modRm,
                                ignoresMod,
                                opcodeRegister,
                                sizeRule,
                                immediate,
                                feature)));
    }

    private Operation operationNamed(String name) {
        Operation named = OPERATIONS.get(name);
        if (named == null && map >= OpcodeRow.VEX && name.startsWith("V")) {
            named = OPERATIONS.get(name.substring(1));
        }
        if (named == null) {
            throw malformed("mnemonic " + name);
        }
        return named;
    }

    private AssertionError malformed(String what) {
        return new AssertionError("opcode table line '" + line + "': " + what);
    }
}
