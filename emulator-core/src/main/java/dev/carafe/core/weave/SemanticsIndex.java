package dev.carafe.core.weave;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Semantics.Place;
import dev.carafe.core.isa.VectorStore;
import dev.carafe.core.isa.WholeRegister;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every {@link Semantics} method of the instruction families, by operation, and which of them an
 * encoding means.
 */
final class SemanticsIndex {
    private static final String ISA = "dev/carafe/core/isa";

    private final Map<Operation, List<Method>> methods = new EnumMap<>(Operation.class);

    private SemanticsIndex() {}

    /** Looks through the compiled classes below {@code isa}. */
    static SemanticsIndex scan(Path classes) {
        SemanticsIndex index = new SemanticsIndex();
        try (Stream<Path> files = Files.walk(classes.resolve(ISA))) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> classes.relativize(file).toString())
                    .sorted()
                    .forEach(index::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return index;
    }

    private void add(String classFile) {
        String name =
                classFile.substring(0, classFile.length() - ".class".length()).replace('/', '.');
        try {
            for (Method method : Class.forName(name).getDeclaredMethods()) {
                Semantics semantics = method.getAnnotation(Semantics.class);
                if (semantics != null) {
                    check(method);
                    for (Operation operation : semantics.value()) {
                        methods.computeIfAbsent(operation, o -> new ArrayList<>()).add(method);
                    }
                }
            }
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(Method method) {
        int needed = Modifier.PUBLIC | Modifier.STATIC;
        if ((method.getModifiers() & needed) != needed
                || !Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
            throw new AssertionError(method + " must be public and static, in a public class");
        }
    }

    List<Method> of(Operation operation) {
        return methods.getOrDefault(operation, List.of());
    }

    /**
     * The method that an encoding means, with its operand in memory or not; null when there is
     * none.
     */
    Method find(Encoding encoding, boolean memory) {
        List<Method> candidates =
                of(encoding.operation()).stream()
                        .filter(method -> applies(method, encoding, memory))
                        .toList();
        int operands = encoding.has(Kind.RELATIVE) ? 0 : encoding.operands().size();
        return candidates.stream()
                .filter(method -> longs(method) <= operands || vector(method))
                .max(Comparator.comparingInt(SemanticsIndex::preference))
                .orElse(null);
    }

    /** Marked methods come first for the encodings they are marked for, and for no others. */
    private boolean applies(Method method, Encoding encoding, boolean memory) {
        Semantics semantics = method.getAnnotation(Semantics.class);
        Place wanted = memory ? Place.MEMORY : Place.REGISTER;
        if (semantics.place() != Place.ANY && semantics.place() != wanted) {
            return false;
        }
        if (!suits(method, encoding, memory)) {
            return false;
        }
        if (method.isAnnotationPresent(VectorStore.class)
                && encoding.operands().getFirst().kind() == Kind.XMM) {
            return false; // a load
        }
        boolean special =
                encoding.has(Kind.SEGMENT_REGISTER)
                        || encoding.has(Kind.CONTROL_REGISTER)
                        || encoding.has(Kind.DEBUG_REGISTER);
        if (semantics.with().length == 0) {
            return !special || of(encoding.operation()).size() == 1;
        }
        return Arrays.stream(semantics.with()).anyMatch(encoding::has);
    }

    /**
     * What is written for 128 bits serves vector registers only, unless it takes them in halves of
     * which an MMX register is one.
     */
    private static boolean suits(Method method, Encoding encoding, boolean memory) {
        if (intoVectorRegister(method)) {
            return hasVectorDestination(encoding, memory)
                    || method.isAnnotationPresent(Lanewise.class)
                            && encoding.operands().getFirst().kind() == Kind.MMX;
        }
        return !vector(method) || encoding.hasVectors();
    }

    /** A vector register in ModRM.reg or VEX.vvvv, or the one in ModRM.rm. */
    private static boolean hasVectorDestination(Encoding encoding, boolean memory) {
        if (encoding.operands().isEmpty()) {
            return false;
        }
        return switch (encoding.operands().getFirst().kind()) {
            case XMM, XMM_VEX -> true;
            case XMM_OR_MEMORY -> !memory || encoding.operands().getLast().kind() == Kind.IMMEDIATE;
            default -> false;
        };
    }

    /**
     * What is marked for a place comes first, then what takes most operands, complex methods last.
     */
    private static int preference(Method method) {
        int marked = method.getAnnotation(Semantics.class).place() == Place.ANY ? 0 : 100;
        int shape = vector(method) ? 200 : complex(method) ? -10 : longs(method);
        return marked + shape;
    }

    private static boolean vector(Method method) {
        return method.isAnnotationPresent(WholeRegister.class)
                || method.isAnnotationPresent(Lanewise.class)
                || method.isAnnotationPresent(VectorStore.class);
    }

    private static boolean intoVectorRegister(Method method) {
        return vector(method)
                && !method.isAnnotationPresent(VectorStore.class)
                && !(method.isAnnotationPresent(WholeRegister.class)
                        && method.getReturnType() == long.class);
    }

    static boolean complex(Method method) {
        return Arrays.equals(
                method.getParameterTypes(), new Class<?>[] {Cpu.class, Instruction.class});
    }

    static boolean raw(Method method) {
        return method.getReturnType() == int.class;
    }

    static int longs(Method method) {
        return (int)
                Arrays.stream(method.getParameterTypes())
                        .filter(type -> type == long.class)
                        .count();
    }
}
