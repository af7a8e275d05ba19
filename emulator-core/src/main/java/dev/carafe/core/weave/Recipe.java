package dev.carafe.core.weave;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Aligned;
import dev.carafe.core.isa.Unaligned;
import java.lang.reflect.Method;
import java.util.List;

/**
 * What a handler is woven from. Two instructions with equal recipes share a handler.
 *
 * @param shape how the semantic method is called and what happens with its result
 * @param method the semantic method; for conditional shapes the condition
 * @param operands the row's operands, the destination first
 * @param sizes bytes of each operand
 * @param width what the semantic method is told
 * @param addressing of the memory operand
 * @param locked whether LOCK was given
 * @param discards the result is thrown away: CMP, TEST
 * @param vector of a VEX-encoded instruction: the bytes of the vector register that it writes, or
 *     else reads; 0 for any other
 * @param mmx whether it uses the registers of the x87 FPU
 */
record Recipe(
        Shape shape,
        Method method,
        List<Access> operands,
        List<Integer> sizes,
        Width width,
        Addressing addressing,
        boolean locked,
        boolean discards,
        int vector,
        boolean mmx) {
    enum Shape {
        /** Operands in, result out. */
        OPERANDS,
        /** {@code (Cpu, long[], int, Width[, long])} → next record. */
        RAW,
        /** {@code (Cpu, Instruction)}. */
        COMPLEX,
        /** The same, and the next instruction is looked up anew. */
        COMPLEX_LEAVING,
        JUMP_IF,
        SET_IF,
        MOVE_IF,
        /** On each 64-bit lane by itself. */
        LANEWISE,
        /** On the whole vector register. */
        WHOLE_REGISTER,
        /** 128 bits to memory. */
        VECTOR_STORE
    }

    /** Number of {@code long} parameters of the semantic method. */
    int longs() {
        int count = 0;
        for (Class<?> type : method.getParameterTypes()) {
            if (type == long.class) {
                count++;
            }
        }
        return count;
    }

    boolean takes(Class<?> type) {
        return List.of(method.getParameterTypes()).contains(type);
    }

    boolean returnsLong() {
        return method.getReturnType() == long.class;
    }

    /** Whether the destination's old value is an argument too. */
    boolean readsDestination() {
        return longs() == operands.size();
    }

    /** Whether a VEX-encoded instruction's result goes to a vector register. */
    boolean writesVexVector() {
        return vector > 0
                && switch (operands.getFirst()) {
                    case XMM_A, XMM_B, XMM_C -> true;
                    default -> false;
                };
    }

    boolean writesDestination() {
        return returnsLong() && !discards && !operands.isEmpty();
    }

    /** Whether the vector operand in memory must be aligned. */
    boolean aligned() {
        return switch (shape) {
            case LANEWISE, WHOLE_REGISTER ->
                    vector > 0
                            ? method.isAnnotationPresent(Aligned.class)
                            : !method.isAnnotationPresent(Unaligned.class);
            case VECTOR_STORE -> method.isAnnotationPresent(Aligned.class);
            default -> false;
        };
    }

    /** Whether another record's work may follow in the same handler. */
    boolean mayComeFirst() {
        return !locked
                && switch (shape) {
                    case OPERANDS, SET_IF, MOVE_IF, LANEWISE, WHOLE_REGISTER, VECTOR_STORE -> true;
                    case RAW, COMPLEX, COMPLEX_LEAVING, JUMP_IF -> false;
                };
    }

    /**
     * Complex instructions find themselves by the record that is executed, which must be the
     * handler's own.
     */
    boolean mayComeSecond() {
        return !locked && shape != Shape.COMPLEX && shape != Shape.COMPLEX_LEAVING;
    }

    /** Whether it changes memory, and so may change the code behind it. */
    boolean stores() {
        return shape == Shape.VECTOR_STORE || writesMemoryOperand() || takes(Cpu.class); // PUSH
    }

    private boolean writesMemoryOperand() {
        return !operands.isEmpty()
                && (operands.getFirst() == Access.MEMORY
                        || operands.getFirst() == Access.XMM_MEMORY)
                && (writesDestination() || shape == Shape.SET_IF);
    }

    /** Whether it may fault. */
    boolean mayFault() {
        return addressing != Addressing.NONE
                || takes(Cpu.class)
                || shape == Shape.RAW
                || shape == Shape.VECTOR_STORE
                || takes(MxCsr.class)
                || mmx;
    }
}
