package dev.carafe.core.weave;

import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorStore;
import dev.carafe.core.isa.WholeRegister;
import dev.carafe.core.isa.integer.Conditions;
import dev.carafe.core.weave.Recipe.Shape;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says how the handler of an encoding is made. */
final class RecipeBook {
    private static final int XMM_BYTES = 16;
    private static final Set<Operation> RESULT_DISCARDED = Set.of(Operation.CMP, Operation.TEST);

    private final SemanticsIndex semantics;

    RecipeBook(SemanticsIndex semantics) {
        this.semantics = semantics;
    }

    /**
     * The recipe for an encoding.
     *
     * @param place 0 operand in a register, 1 in memory by plain addressing, 2 by other addressing
     * @param operandSize bytes: 1, 2, 4 or 8
     * @return null when the combination cannot occur
     */
    Recipe recipe(Encoding encoding, int place, boolean locked, int operandSize) {
        boolean memory = place > 0;
        if (memory && !mayBeMemory(encoding)
                || !memory && mustBeMemory(encoding)
                || locked && !encoding.lockable()) {
            return null;
        }
        if (operandSize == 1 && sizedByPrefix(encoding)) {
            return null;
        }
        Shape conditional = conditional(encoding.operation());
        Method method =
                conditional != null
                        ? condition(encoding.operation())
                        : semantics.find(encoding, memory);
        if (method == null) {
            throw new AssertionError("no semantics for " + encoding.notation());
        }
        if (SemanticsIndex.complex(method)) {
            Shape shape =
                    method.getAnnotation(Semantics.class).leaves()
                            ? Shape.COMPLEX_LEAVING
                            : Shape.COMPLEX;
            return new Recipe(
                    shape,
                    method,
                    List.of(),
                    List.of(),
                    Width.W64,
                    Addressing.NONE,
                    false,
                    false,
                    0,
                    false);
        }
        List<Access> accesses = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (Operand operand : encoding.operands()) {
            if (operand.kind() != Kind.RELATIVE && !ignoresOperands(method)) {
                accesses.add(access(encoding, operand, memory, operandSize));
                sizes.add(size(method, operand, operandSize));
            }
        }
        Shape shape = conditional != null ? conditional : shape(method, encoding);
        boolean widthMatters =
                shape == Shape.RAW
                        || shape == Shape.JUMP_IF
                        || shape == Shape.OPERANDS && accesses.contains(Access.IMMEDIATE)
                        || List.of(method.getParameterTypes()).contains(Width.class);
        boolean discards = RESULT_DISCARDED.contains(encoding.operation());
        return new Recipe(
                shape,
                method,
                accesses,
                sizes,
                widthMatters ? width(encoding, method, sizes, operandSize) : Width.W64,
                addressing(encoding, accesses, place),
                locked,
                discards,
                encoding.needsAvxState() ? vector(encoding) : 0,
                encoding.hasMmx());
    }

    /**
     * Whether the encoding means something when its operand lies there; a place it cannot lie in
     * counts as meaning something.
     */
    boolean hasSemantics(Encoding encoding, boolean memory) {
        boolean possible = memory ? mayBeMemory(encoding) : !mustBeMemory(encoding);
        return !possible
                || conditional(encoding.operation()) != null
                || semantics.find(encoding, memory) != null;
    }

    /** NOP, which does not even look where its operand lies. */
    private static boolean ignoresOperands(Method method) {
        return method.getParameterCount() == 0 && method.getReturnType() == void.class;
    }

    /** Bytes of the first operand that is a vector register. */
    private static int vector(Encoding encoding) {
        for (Operand operand : encoding.operands()) {
            switch (operand.kind()) {
                case XMM, XMM_VEX, XMM_OR_MEMORY -> {
                    return Math.max(operand.size(), XMM_BYTES); // VMOVSS writes more than it reads
                }
                default -> {}
            }
        }
        throw new AssertionError(encoding.notation() + " has no vector operand");
    }

    /** Operands of 2, 4 or 8 bytes, never of one. */
    private static boolean sizedByPrefix(Encoding encoding) {
        return encoding.has(Kind.RELATIVE)
                || encoding.operands().stream()
                        .anyMatch(operand -> operand.size() == Operand.BY_OPERAND_SIZE);
    }

    private static boolean mayBeMemory(Encoding encoding) {
        return encoding.has(Kind.REGISTER_OR_MEMORY)
                || encoding.has(Kind.XMM_OR_MEMORY)
                || encoding.has(Kind.MMX_OR_MEMORY)
                || encoding.has(Kind.VECTOR_INDEXED)
                || mustBeMemory(encoding);
    }

    private static boolean mustBeMemory(Encoding encoding) {
        return encoding.has(Kind.MEMORY)
                || encoding.has(Kind.OFFSET)
                || encoding.has(Kind.VECTOR_INDEXED);
    }

    private static Shape shape(Method method, Encoding encoding) {
        if (SemanticsIndex.raw(method)) {
            return Shape.RAW;
        }
        if (method.isAnnotationPresent(Lanewise.class)) {
            boolean oneLane = encoding.operands().getFirst().kind() == Kind.MMX;
            return oneLane ? Shape.OPERANDS : Shape.LANEWISE;
        }
        if (method.isAnnotationPresent(VectorStore.class)) {
            return Shape.VECTOR_STORE;
        }
        return method.isAnnotationPresent(WholeRegister.class)
                ? Shape.WHOLE_REGISTER
                : Shape.OPERANDS;
    }

    private static Shape conditional(Operation operation) {
        String name = operation.name();
        if (name.startsWith("SET") && operation != Operation.SETSSBSY) {
            return Shape.SET_IF;
        }
        if (name.startsWith("CMOV")) {
            return Shape.MOVE_IF;
        }
        boolean jump = name.startsWith("J") && !name.startsWith("JMP") && !name.endsWith("CXZ");
        return jump ? Shape.JUMP_IF : null;
    }

    private static Method condition(Operation operation) {
        String name = operation.name();
        int prefix = name.startsWith("SET") ? 3 : name.startsWith("CMOV") ? 4 : 1;
        String condition = name.substring(prefix).toLowerCase(Locale.ROOT);
        for (Method method : Conditions.class.getDeclaredMethods()) {
            if (method.getName().equals(condition)) {
                return method;
            }
        }
        throw new AssertionError("no condition " + condition);
    }

    private static Access access(
            Encoding encoding, Operand operand, boolean memory, int operandSize) {
        return switch (operand.kind()) {
            case REGISTER -> Access.B;
            case REGISTER_OR_MEMORY -> memory ? Access.MEMORY : Access.A;
            case MEMORY ->
                    encoding.operation() == Operation.LEA
                            ? Access.EFFECTIVE_ADDRESS
                            : Access.MEMORY;
            case OFFSET -> Access.MEMORY;
            case OPCODE_REGISTER -> Access.A;
            case FIXED -> encoding.has(Kind.REGISTER_OR_MEMORY) ? Access.CL : Access.A;
            case VEX_REGISTER -> Access.C;
            case IMMEDIATE, ONE ->
                    encoding.hasWideImmediate(operandSize)
                            ? Access.WIDE_IMMEDIATE
                            : Access.IMMEDIATE;
            case XMM -> Access.XMM_B;
            case XMM_VEX -> Access.XMM_C;
            case XMM_OR_MEMORY -> memory ? Access.XMM_MEMORY : Access.XMM_A;
            case MMX -> Access.MMX_B;
            case MMX_OR_MEMORY -> memory ? Access.MEMORY : Access.MMX_A;
            default ->
                    throw new AssertionError(
                            encoding.notation() + ": " + operand + " needs a complex method");
        };
    }

    private static int size(Method method, Operand operand, int operandSize) {
        int size = operand.sizeFor(operandSize);
        ScalarResult scalar = method.getAnnotation(ScalarResult.class);
        if (operand.kind() == Kind.XMM || operand.kind() == Kind.XMM_VEX) {
            return scalar != null ? scalar.value() / Byte.SIZE : Long.BYTES;
        }
        return size;
    }

    /**
     * The width of the last operand that is no immediate, count or vector: what the semantic method
     * is told.
     */
    private static Width width(
            Encoding encoding, Method method, List<Integer> sizes, int operandSize) {
        for (int i = sizes.size() - 1; i >= 0; i--) {
            switch (encoding.operands().get(i).kind()) {
                case REGISTER,
                        REGISTER_OR_MEMORY,
                        MEMORY,
                        OPCODE_REGISTER,
                        VEX_REGISTER,
                        OFFSET -> {
                    return Width.ofSize(
                            Math.min(sizes.get(i), Long.BYTES)); // MOVNTDQ stores more, in halves
                }
                case FIXED -> {
                    if (i == 0) {
                        return Width.ofSize(sizes.get(i));
                    }
                }
                default -> {}
            }
        }
        boolean vectorsOnly = encoding.hasVectors() || encoding.hasMmx();
        boolean asks = List.of(method.getParameterTypes()).contains(Width.class); // PCMPESTRI
        return vectorsOnly && !asks ? Width.W64 : Width.ofSize(operandSize);
    }

    private static Addressing addressing(Encoding encoding, List<Access> accesses, int place) {
        if (!accesses.contains(Access.MEMORY) && !accesses.contains(Access.XMM_MEMORY)) {
            return Addressing.NONE;
        }
        if (encoding.has(Kind.OFFSET)) {
            return Addressing.OFFSET;
        }
        return place == 1 ? Addressing.PLAIN : Addressing.CHECKED;
    }
}
