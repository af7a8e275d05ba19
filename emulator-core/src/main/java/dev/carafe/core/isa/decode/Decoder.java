package dev.carafe.core.isa.decode;

import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;

/**
 * Bytes to instructions (SDM Vol. 2, "Instruction Format"). Bytes that mean nothing become {@link
 * OpcodeTables#INVALID}, so that #UD is raised when they are executed. Used by one thread.
 *
 * <p>In 64-bit code a near branch ignores 66h, as Intel's processors do. Not modelled: VEX in
 * 16-bit protected-mode code (the bytes are LES and LDS there), EVEX, XOP and 3DNow!.
 */
public final class Decoder {
    private static final int VEX3 = 0xC4;
    private static final int VEX2 = 0xC5;
    private static final int REGISTER_MOD = 0xC0;
    private static final int LAST_SEGMENT = 5;
    private static final int CS = 1;
    private static final int VALID_CONTROL_REGISTERS = 0b1_0001_1101; // CR0, CR2, CR3, CR4, CR8
    private static final int[] MANDATORY = {
        Conditions.NO_PREFIX, Conditions.PREFIX_66, Conditions.PREFIX_F3, Conditions.PREFIX_F2
    };

    private final OpcodeIndex index;
    private final CodeReader code = new CodeReader();
    private final Prefixes prefixes = new Prefixes();
    private final ModRm modRm = new ModRm();

    // The instruction that is being decoded.
    private CodeMode mode = CodeMode.CODE16;
    private int addressSize;
    private int map;
    private int opcode;
    private int conditions;
    private int modRmByte;
    private int vexRegister;
    private boolean malformedVex;
    private boolean vexWide; // VEX.W, which counts outside 64-bit code too

    public Decoder(OpcodeIndex index) {
        this.index = index;
    }

    /**
     * Decodes one instruction.
     *
     * @throws dev.carafe.core.fault.CpuFault what {@code bytes} throws, and #GP(0) after fifteen
     *     bytes
     */
    public Instruction decode(CodeMode codeMode, CodeBytes bytes) {
        begin(codeMode, bytes);
        readOpcode();
        addressSize = prefixes.addressBytes(mode);
        OpcodeRow row = malformedVex ? null : select();
        if (row == null) {
            return invalid();
        }
        if (row.modRm) {
            if (row.ignoresMod || modRmByte >= REGISTER_MOD) {
                modRm.register(modRmByte, prefixes);
            } else {
                modRm.memory(
                        modRmByte,
                        prefixes,
                        addressSize,
                        mode == CodeMode.CODE64,
                        row.vectorIndexed,
                        code);
            }
        } else if (row.opcodeRegister) {
            modRm.rm = opcode & 7 | prefixes.base;
        }
        if (!permitted(row)) {
            return invalid();
        }
        Instruction insn = finish(row);
        boolean lockable = row.encoding.lockable() && modRm.memory;
        return prefixes.lock && !lockable ? invalid() : insn; // too long comes before undefined
    }

    private void begin(CodeMode codeMode, CodeBytes bytes) {
        mode = codeMode;
        code.start(bytes);
        prefixes.clear();
        modRm.clear();
        modRmByte = OpcodeRow.NO_MODRM_BYTE;
        vexRegister = 0;
        malformedVex = false;
        vexWide = false;
        map = OpcodeRow.ONE_BYTE;
    }

    private void readOpcode() {
        boolean code64 = mode == CodeMode.CODE64;
        opcode = code.next();
        while (prefixes.take(opcode, code64)) {
            opcode = code.next();
        }
        if (opcode == 0x0F) {
            readEscape();
        } else if (opcode == VEX3 || opcode == VEX2) {
            int second = code.next();
            if (code64 || mode == CodeMode.CODE32 && second >= REGISTER_MOD) {
                readVex(second);
                return;
            }
            modRmByte = second;
        }
        conditions =
                modeConditions(prefixes.operandBytes(mode)) | prefixes.mandatory() | Conditions.L0;
    }

    private void readEscape() {
        opcode = code.next();
        map = OpcodeRow.MAP_0F;
        if (opcode == 0x38 || opcode == 0x3A) {
            map = opcode == 0x38 ? OpcodeRow.MAP_0F38 : OpcodeRow.MAP_0F3A;
            opcode = code.next();
        }
    }

    /** SDM Vol. 2, "The VEX Prefix". The register bits are stored inverted. */
    private void readVex(int second) {
        boolean code64 = mode == CodeMode.CODE64;
        malformedVex = prefixes.forbidVex();
        int last = second;
        int vexMap = OpcodeRow.MAP_0F;
        prefixes.reg = (second & 0x80) == 0 && code64 ? 8 : 0;
        if (opcode == VEX3) {
            last = code.next();
            vexMap = second & 0x1F;
            prefixes.index = (second & 0x40) == 0 && code64 ? 8 : 0;
            prefixes.base = (second & 0x20) == 0 && code64 ? 8 : 0;
            vexWide = (last & 0x80) != 0;
            prefixes.wide = vexWide && code64;
        }
        malformedVex |= vexMap < OpcodeRow.MAP_0F || vexMap > OpcodeRow.MAP_0F3A;
        prefixes.rexGiven = true; // no high-byte registers
        vexRegister = ~last >> 3 & 0xF;
        map = OpcodeRow.VEX + (vexMap & 3);
        opcode = code.next();
        conditions =
                modeConditions(prefixes.wide ? 8 : 4)
                        | MANDATORY[last & 3]
                        | ((last & 4) == 0 ? Conditions.L0 : Conditions.L1);
    }

    private int modeConditions(int operandSize) {
        int address = prefixes.addressBytes(mode);
        return Conditions.CODE16 << mode.ordinal()
                | Conditions.OPERAND16 << (operandSize >> 2)
                | Conditions.ADDRESS16 << (address >> 2)
                | (prefixes.wide || vexWide ? Conditions.W1 : Conditions.W0)
                | (prefixes.base != 0 ? Conditions.B1 : Conditions.B0);
    }

    private OpcodeRow select() {
        OpcodeRow[] candidates = index.candidates(map, opcode);
        if (candidates.length == 0) {
            return null;
        }
        int form = 0;
        if (candidates[0].modRm) {
            if (modRmByte < 0) {
                modRmByte = code.next();
            }
            form =
                    Conditions.DIGIT_0 << (modRmByte >> 3 & 7)
                            | (modRmByte >= REGISTER_MOD
                                    ? Conditions.REGISTER_FORM
                                    : Conditions.MEMORY_FORM);
        }
        int wanted = conditions | form;
        for (OpcodeRow row : candidates) {
            if ((row.accepts & wanted) == wanted
                    && (row.modRmByte < 0 || row.modRmByte == modRmByte)) {
                return row;
            }
        }
        return null;
    }

    private boolean permitted(OpcodeRow row) {
        if (map >= OpcodeRow.VEX && !row.vexRegister && vexRegister != 0) {
            return false;
        }
        if (row.vectorIndexed && (addressSize == 2 || (modRmByte & 7) != ModRm.SIB_FOLLOWS)) {
            return false;
        }
        if (row.special == null) {
            return true;
        }
        return switch (row.special) {
            case SEGMENT_REGISTER -> {
                int number = modRm.reg & 7; // REX.R is ignored
                modRm.reg = number;
                yield number <= LAST_SEGMENT && !(row.specialDestination && number == CS);
            }
            case CONTROL_REGISTER -> (VALID_CONTROL_REGISTERS >> modRm.reg & 1) != 0;
            default -> modRm.reg < 8;
        };
    }

    private int operandSize(OpcodeRow row) {
        boolean code64 = mode == CodeMode.CODE64;
        int byPrefixes = map >= OpcodeRow.VEX ? prefixes.wide ? 8 : 4 : prefixes.operandBytes(mode);
        return switch (row.sizeRule) {
            case PREFIXES -> byPrefixes;
            case DEFAULT_64 -> code64 && byPrefixes == 4 ? 8 : byPrefixes;
            case FORCED_64 -> code64 ? 8 : byPrefixes;
            case NATURAL -> code64 ? 8 : 4;
            case DOUBLE_OR_QUAD -> prefixes.wide ? 8 : 4;
            case WORD_OR_DOUBLE -> Math.min(byPrefixes, 4);
            case BYTE -> 1;
        };
    }

    private Instruction finish(OpcodeRow row) {
        int size = operandSize(row);
        long immediate = immediate(row, size);
        int vexRegisters = mode == CodeMode.CODE64 ? 0xF : 7; // vvvv's top bit is ignored
        int second = row.vexRegister ? vexRegister & vexRegisters : secondImmediate(row);
        if (row.immediate == ImmediateForm.OFFSET) {
            modRm.memory = true;
            modRm.displacement = immediate;
            immediate = 0;
        }
        boolean plainBytes = !prefixes.rexGiven;
        return new Instruction(
                row.encoding,
                mode,
                Width.ofSize(size),
                addressSize,
                code.length(),
                row.mandatoryRepeat ? 0 : prefixes.repeat,
                prefixes.lock,
                prefixes.segment == Prefixes.NONE ? modRm.segment : prefixes.segment,
                modRm.memory,
                row.byteReg && plainBytes ? byteRegister(modRm.reg) : modRm.reg,
                row.byteRm && plainBytes && !modRm.memory ? byteRegister(modRm.rm) : modRm.rm,
                modRm.base,
                modRm.index,
                modRm.scale,
                modRm.displacement,
                immediate,
                second);
    }

    /** Without REX 4 to 7 are AH, CH, DH, BH. */
    private static int byteRegister(int number) {
        return number < 4 ? number : Instruction.HIGH_BYTE | number - 4;
    }

    private long immediate(OpcodeRow row, int size) {
        return switch (row.immediate) {
            case NONE -> 0;
            case BYTE -> code.next();
            case BYTE_SIGNED -> Width.ofSize(size).truncate((byte) code.next());
            case WORD, WORD_BYTE -> code.unsigned16();
            case OPERAND_SIZE -> size == 8 ? code.signed32() : code.unsigned(size);
            case FULL -> code.unsigned(size);
            case RELATIVE_BYTE -> (byte) code.next();
            case RELATIVE -> size == 2 ? (short) code.unsigned16() : code.signed32();
            case FAR_POINTER -> code.unsigned(size);
            case OFFSET -> code.unsigned(addressSize);
            case ESCAPE -> (opcode & 7) << 8 | modRmByte;
        };
    }

    private int secondImmediate(OpcodeRow row) {
        return switch (row.immediate) {
            case WORD_BYTE -> code.next();
            case FAR_POINTER -> code.unsigned16();
            default -> 0;
        };
    }

    private Instruction invalid() {
        Encoding encoding = OpcodeTables.INVALID;
        return new Instruction(
                encoding,
                mode,
                Width.W32,
                addressSize,
                code.length(),
                0,
                prefixes.lock,
                modRm.segment,
                false,
                0,
                0,
                Instruction.NO_REGISTER,
                Instruction.NO_REGISTER,
                0,
                0,
                0,
                0);
    }
}
