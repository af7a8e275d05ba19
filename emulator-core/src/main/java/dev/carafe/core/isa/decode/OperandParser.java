package dev.carafe.core.isa.decode;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operand column of the opcode tables; equal operands are one object. */
final class OperandParser {
    private static final int BY_SIZE = Operand.BY_OPERAND_SIZE;
    private static final int MMX_BYTES = 8;
    private static final int X87_BYTES = 10;
    private static final int XMM_BYTES = 16;
    private static final int YMM_BYTES = 32;

    private final Map<String, Operand> seen = new HashMap<>();

    /**
     * @param inOpcode whether a general register is the one in the opcode
     * @return null if the name means nothing
     */
    Operand parse(String name, boolean inOpcode) {
        String key = inOpcode ? "+" + name : name;
        Operand operand = seen.get(key);
        if (operand == null) {
            operand = create(name, inOpcode ? Kind.OPCODE_REGISTER : Kind.REGISTER);
            if (operand != null) {
                seen.put(key, operand);
            }
        }
        return operand;
    }

    private static Operand create(String name, Kind register) {
        return switch (name) {
            case "r8" -> of(register, 1);
            case "r16" -> of(register, 2);
            case "r32" -> of(register, 4);
            case "r64" -> of(register, 8);
            case "rW", "rY", "rN" -> of(register, BY_SIZE);
            case "vY" -> of(Kind.VEX_REGISTER, BY_SIZE);
            case "r/m8" -> of(Kind.REGISTER_OR_MEMORY, 1);
            case "r/m16", "r32/m16" -> of(Kind.REGISTER_OR_MEMORY, 2);
            case "r/m32" -> of(Kind.REGISTER_OR_MEMORY, 4);
            case "r/m64" -> of(Kind.REGISTER_OR_MEMORY, 8);
            case "r/mW", "r/mY", "r/mN" -> of(Kind.REGISTER_OR_MEMORY, BY_SIZE);
            case "1" -> of(Kind.ONE, 1);
            case "imm8" -> of(Kind.IMMEDIATE, 1);
            case "imm16" -> of(Kind.IMMEDIATE, 2);
            case "imm8s", "immW", "immV" -> of(Kind.IMMEDIATE, BY_SIZE);
            case "moffs8" -> of(Kind.OFFSET, 1);
            case "moffsW" -> of(Kind.OFFSET, BY_SIZE);
            case "rel8", "relW" -> of(Kind.RELATIVE, BY_SIZE);
            case "ptr16:W" -> of(Kind.FAR_POINTER, BY_SIZE);
            case "Sreg" -> of(Kind.SEGMENT_REGISTER, 2);
            case "CR" -> of(Kind.CONTROL_REGISTER, BY_SIZE);
            case "DR" -> of(Kind.DEBUG_REGISTER, BY_SIZE);
            case "xmm" -> of(Kind.XMM, XMM_BYTES);
            case "ymm" -> of(Kind.XMM, YMM_BYTES);
            case "vxmm" -> of(Kind.XMM_VEX, XMM_BYTES);
            case "vymm" -> of(Kind.XMM_VEX, YMM_BYTES);
            case "xmm/m8" -> of(Kind.XMM_OR_MEMORY, 1);
            case "xmm/m16" -> of(Kind.XMM_OR_MEMORY, 2);
            case "xmm/m32" -> of(Kind.XMM_OR_MEMORY, 4);
            case "xmm/m64" -> of(Kind.XMM_OR_MEMORY, 8);
            case "xmm/m128" -> of(Kind.XMM_OR_MEMORY, XMM_BYTES);
            case "ymm/m256" -> of(Kind.XMM_OR_MEMORY, YMM_BYTES);
            default -> rareVector(name);
        };
    }

    private static Operand rareVector(String name) {
        return switch (name) {
            case "ixmm" -> of(Kind.XMM_IMMEDIATE, XMM_BYTES);
            case "iymm" -> of(Kind.XMM_IMMEDIATE, YMM_BYTES);
            case "vm32x" -> new Operand(Kind.VECTOR_INDEXED, 4, XMM_BYTES);
            case "vm32y" -> new Operand(Kind.VECTOR_INDEXED, 4, YMM_BYTES);
            case "vm64x" -> new Operand(Kind.VECTOR_INDEXED, 8, XMM_BYTES);
            case "vm64y" -> new Operand(Kind.VECTOR_INDEXED, 8, YMM_BYTES);
            case "mm" -> of(Kind.MMX, MMX_BYTES);
            case "mm/m32" -> of(Kind.MMX_OR_MEMORY, 4);
            case "mm/m64" -> of(Kind.MMX_OR_MEMORY, MMX_BYTES);
            default -> fixedOrMemory(name);
        };
    }

    private static Operand fixedOrMemory(String name) {
        return switch (name) {
            case "AL" -> new Operand(Kind.FIXED, 1, Registers.RAX);
            case "AX" -> new Operand(Kind.FIXED, 2, Registers.RAX);
            case "rAX", "eAX" -> new Operand(Kind.FIXED, BY_SIZE, Registers.RAX);
            case "CL" -> new Operand(Kind.FIXED, 1, Registers.RCX);
            case "DX" -> new Operand(Kind.FIXED, 2, Registers.RDX);
            case "ES" -> new Operand(Kind.SEGMENT_REGISTER, 2, 0);
            case "CS" -> new Operand(Kind.SEGMENT_REGISTER, 2, 1);
            case "SS" -> new Operand(Kind.SEGMENT_REGISTER, 2, 2);
            case "DS" -> new Operand(Kind.SEGMENT_REGISTER, 2, 3);
            case "FS" -> new Operand(Kind.SEGMENT_REGISTER, 2, 4);
            case "GS" -> new Operand(Kind.SEGMENT_REGISTER, 2, 5);
            case "m", "mW", "mY", "mW&W", "m16:W", "m16&W" -> of(Kind.MEMORY, BY_SIZE);
            case "m8" -> of(Kind.MEMORY, 1);
            case "m16" -> of(Kind.MEMORY, 2);
            case "m32" -> of(Kind.MEMORY, 4);
            case "m64" -> of(Kind.MEMORY, 8);
            case "m128" -> of(Kind.MEMORY, 16);
            case "m256" -> of(Kind.MEMORY, 32);
            case "m80" -> of(Kind.MEMORY, X87_BYTES);
            case "ST" -> of(Kind.ST_0, X87_BYTES);
            case "STi" -> of(Kind.ST_I, X87_BYTES);
            case "m512byte" -> of(Kind.MEMORY, 512);
            default -> null;
        };
    }

    private static Operand of(Kind kind, int size) {
        return new Operand(kind, size, -1);
    }

    /**
     * Whether the row's general operands have 8 bits: some operand does, and none follows the
     * operand size.
     */
    static boolean bytesOnly(List<Operand> operands) {
        boolean bytes = false;
        for (Operand operand : operands) {
            switch (operand.kind()) {
                case REGISTER, REGISTER_OR_MEMORY, MEMORY, OPCODE_REGISTER, FIXED, OFFSET ->
                        bytes |= operand.size() == 1;
                default -> {}
            }
            if (operand.size() == Operand.BY_OPERAND_SIZE) {
                return false;
            }
        }
        return bytes;
    }
}
