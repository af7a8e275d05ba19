package dev.carafe.core.isa.text;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Instructions as text, for traces, the monitor and messages. The spelling is that of GNU objdump:
 * {@code add DWORD PTR [rax+rcx*4+0x10],ebx} or {@code add %ebx,0x10(%rax,%rcx,4)}.
 *
 * <p>Not written, because an {@link Instruction} does not hold them: prefixes without effect, and
 * displacements that are zero.
 */
public final class InstructionText {
    private static final long MASK_32 = 0xFFFF_FFFFL;

    private final Instruction instruction;
    private final long next;
    private final Notation notation;
    private final Spelling spelling;

    private InstructionText(Instruction instruction, long next, Syntax syntax) {
        this.instruction = instruction;
        this.next = next;
        notation = syntax == Syntax.INTEL ? new IntelNotation() : new AttNotation();
        spelling = Spelling.of(instruction, syntax);
    }

    /**
     * @param next the address of the following instruction, for operands relative to it
     */
    public static String of(Instruction instruction, long next, Syntax syntax) {
        String string = StringText.of(instruction, syntax);
        return string != null ? string : new InstructionText(instruction, next, syntax).write();
    }

    private String write() {
        List<String> operands = new ArrayList<>();
        for (Operand operand : spelling.operands()) {
            if (operand.kind() != Operand.Kind.ONE || !notation.destinationLast()) {
                operands.add(operand(operand));
            }
        }
        if (notation.destinationLast() && !spelling.manualOrder()) {
            Collections.reverse(operands);
        }
        StringBuilder out = new StringBuilder(spelling.prefix()).append(spelling.mnemonic());
        for (int i = 0; i < operands.size(); i++) {
            out.append(i == 0 ? " " : ",").append(operands.get(i));
        }
        if (instruction.memory() && instruction.base() == Instruction.RIP) {
            out.append("        # 0x").append(Long.toHexString(relativeTarget()));
        }
        return out.toString();
    }

    private long relativeTarget() {
        long target = next + instruction.displacement();
        return instruction.addressSize() == 4 ? target & MASK_32 : target;
    }

    private String operand(Operand operand) {
        int size = operand.sizeFor(instruction.width().size());
        return switch (operand.kind()) {
            case REGISTER ->
                    general(
                            instruction.reg(),
                            spelling.addressRegister() ? instruction.addressSize() : size);
            case OPCODE_REGISTER -> general(instruction.rm(), size);
            case VEX_REGISTER -> general(instruction.immediate2(), size);
            case FIXED -> fixed(operand, size);
            case REGISTER_OR_MEMORY ->
                    starred(
                            instruction.memory()
                                    ? memory(operand)
                                    : general(instruction.rm(), spelling.registerSize(size)));
            case MEMORY, OFFSET, VECTOR_INDEXED -> starred(memory(operand));
            case ONE -> "1"; // of Intel's syntax only
            case IMMEDIATE -> notation.immediate(immediate(operand));
            case RELATIVE -> hex(target());
            case FAR_POINTER ->
                    notation.farPointer(instruction.immediate2(), instruction.immediate());
            case SEGMENT_REGISTER ->
                    notation.register(
                            RegisterNames.segment(
                                    operand.register() < 0
                                            ? instruction.reg()
                                            : operand.register()));
            case CONTROL_REGISTER -> notation.register("cr" + instruction.reg());
            case DEBUG_REGISTER -> notation.register(notation.debugRegister(instruction.reg()));
            case ST_0 -> notation.register("st");
            case ST_I -> notation.register("st") + "(" + (instruction.rm() & 7) + ")";
            case XMM -> vector(instruction.reg(), size);
            case XMM_VEX -> vector(instruction.immediate2(), size);
            case XMM_IMMEDIATE -> vector(vectorInImmediate(), size);
            case XMM_OR_MEMORY ->
                    instruction.memory() ? memory(operand) : vector(instruction.rm(), size);
            case MMX -> notation.register(RegisterNames.mmx(instruction.reg()));
            case MMX_OR_MEMORY ->
                    instruction.memory()
                            ? memory(operand)
                            : notation.register(RegisterNames.mmx(instruction.rm()));
        };
    }

    private int vectorInImmediate() {
        int number = (int) instruction.immediate() >> 4 & 0xF;
        return instruction.mode() == CodeMode.CODE64 ? number : number & 7;
    }

    private String general(int number, int size) {
        return notation.register(RegisterNames.general(number, size));
    }

    private String vector(int number, int size) {
        return notation.register(RegisterNames.vector(number, size));
    }

    /** The port of IN and OUT is an address in AT&amp;T syntax. */
    private String fixed(Operand operand, int size) {
        String name = general(operand.register(), size);
        return spelling.isPort(operand) ? notation.port(name) : name;
    }

    /** Where a jump or a call gets its target from. */
    private String starred(String place) {
        return spelling.indirect() ? notation.indirect(place) : place;
    }

    private long immediate(Operand operand) {
        if (spelling.isSecondImmediate(operand)) {
            return instruction.immediate2();
        }
        int size = operand.sizeFor(instruction.width().size());
        long value = instruction.immediate();
        return size == Long.BYTES ? value : value & (1L << 8 * size) - 1;
    }

    private long target() {
        long target = next + instruction.immediate();
        if (instruction.mode() == CodeMode.CODE64) {
            return target;
        }
        return instruction.width().size() == 2 ? target & 0xFFFF : target & MASK_32;
    }

    private String memory(Operand operand) {
        return notation.memory(instruction, operand, spelling.memorySize(operand));
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
