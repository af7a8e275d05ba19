package dev.carafe.core.isa.decode;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import java.util.List;

/** One table line as the decoder needs it: the encoding and what selects it. Immutable. */
final class OpcodeRow {
    static final int ONE_BYTE = 0;
    static final int MAP_0F = 1;
    static final int MAP_0F38 = 2;
    static final int MAP_0F3A = 3;

    /** Added to the number of a map for its VEX-encoded rows. */
    static final int VEX = 4;

    static final int MAPS = 8;
    static final int NO_MODRM_BYTE = -1;

    final Encoding encoding;
    final int map;
    final int opcode;
    final int accepts; // of Conditions
    final int modRmByte; // the only ModRM byte that matches, or NO_MODRM_BYTE
    final SizeRule sizeRule;
    final ImmediateForm immediate;
    final boolean modRm;
    final boolean ignoresMod;
    final boolean opcodeRegister;
    final boolean byteReg; // ModRM.reg names an 8-bit register
    final boolean byteRm; // ModRM.rm, or the opcode, names an 8-bit register
    final boolean vexRegister;
    final boolean vectorIndexed; // the index register is a vector register
    final boolean mandatoryRepeat; // F2 or F3 selects the row and is no repeat prefix
    final Kind
            special; // SEGMENT_REGISTER, CONTROL_REGISTER or DEBUG_REGISTER in ModRM.reg, or null
    final boolean specialDestination;
    final String feature; // of CpuModel that the row needs, or ""

    /** What {@code OpcodeTables} stores of a row besides its encoding. */
    record Selection(
            int map,
            int opcode,
            int accepts,
            int modRmByte,
            boolean modRm,
            boolean ignoresMod,
            boolean opcodeRegister,
            SizeRule sizeRule,
            ImmediateForm immediate,
            String feature) {}

    OpcodeRow(Encoding encoding, Selection selection) {
        this.encoding = encoding;
        this.map = selection.map;
        this.opcode = selection.opcode;
        this.accepts = selection.accepts;
        this.modRmByte = selection.modRmByte;
        this.modRm = selection.modRm;
        this.ignoresMod = selection.ignoresMod;
        this.opcodeRegister = selection.opcodeRegister;
        this.sizeRule = selection.sizeRule;
        this.immediate = selection.immediate;
        this.feature = selection.feature;
        this.mandatoryRepeat = (accepts & (Conditions.NO_PREFIX | Conditions.PREFIX_66)) == 0;
        boolean reg8 = false;
        boolean rm8 = false;
        boolean vex = false;
        boolean indexed = false;
        Kind found = null;
        boolean destination = false;
        List<Operand> operands = encoding.operands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            boolean oneByte = operand.size() == 1;
            switch (operand.kind()) {
                case REGISTER -> reg8 |= oneByte;
                case REGISTER_OR_MEMORY, OPCODE_REGISTER -> rm8 |= oneByte;
                case VEX_REGISTER, XMM_VEX -> vex = true;
                case VECTOR_INDEXED -> indexed = true;
                case SEGMENT_REGISTER, CONTROL_REGISTER, DEBUG_REGISTER -> {
                    found = selection.modRm ? operand.kind() : null;
                    destination = i == 0;
                }
                default -> {}
            }
        }
        this.byteReg = reg8;
        this.byteRm = rm8;
        this.vexRegister = vex;
        this.vectorIndexed = indexed;
        this.special = found;
        this.specialDestination = destination;
    }

    Selection selection() {
        return new Selection(
                map,
                opcode,
                accepts,
                modRmByte,
                modRm,
                ignoresMod,
                opcodeRegister,
                sizeRule,
                immediate,
                feature);
    }

    /** Rows that accept less are tried first. */
    int breadth() {
        return modRmByte == NO_MODRM_BYTE ? Integer.bitCount(accepts) : 0;
    }

    /** Opcodes that the row covers: eight when the register is in the opcode. */
    int opcodes() {
        return opcodeRegister ? 8 : 1;
    }
}
