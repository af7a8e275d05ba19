package dev.carafe.core.weave;

import dev.carafe.core.isa.Operation;
import dev.carafe.core.weave.Recipe.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which two records in a row become one handler: a comparison, or arithmetic on registers, and the
 * jump on its outcome; and the pairs of {@code pairs.txt}, chosen by how often programs execute
 * them. Every pair is one class, so rare ones are left out.
 */
final class FusionPlan {
    /** A recipe and what it is known by. */
    record Half(int number, Operation operation, Recipe recipe) {}

    /** Numbers of the two halves. */
    record Pair(Half first, Half second) {}

    private static final Set<Operation> ON_EQUAL = Set.of(Operation.JE, Operation.JNE);
    private static final Set<Operation> ON_COMPARE =
            Set.of(
                    Operation.JE,
                    Operation.JNE,
                    Operation.JB,
                    Operation.JAE,
                    Operation.JBE,
                    Operation.JA,
                    Operation.JL,
                    Operation.JGE,
                    Operation.JLE,
                    Operation.JG);
    private static final Set<Operation> ON_TEST =
            Set.of(
                    Operation.JE,
                    Operation.JNE,
                    Operation.JS,
                    Operation.JNS,
                    Operation.JLE,
                    Operation.JG);

    private static final Map<Operation, Set<Operation>> JUMPS =
            Map.of(
                    Operation.CMP, ON_COMPARE,
                    Operation.TEST, ON_TEST,
                    Operation.ADD, ON_EQUAL,
                    Operation.SUB, ON_EQUAL,
                    Operation.AND, ON_EQUAL,
                    Operation.DEC, ON_EQUAL,
                    Operation.SHR, ON_EQUAL);

    private FusionPlan() {}

    /**
     * A handler's name: operation, where its operands are, their sizes, how memory is addressed.
     */
    static String name(Half half) {
        Recipe recipe = half.recipe();
        StringBuilder name = new StringBuilder(half.operation().name());
        for (int i = 0; i < recipe.operands().size(); i++) {
            name.append(i == 0 ? ':' : ',')
                    .append(recipe.operands().get(i))
                    .append(recipe.sizes().get(i));
        }
        if (recipe.addressing() != Addressing.NONE) {
            name.append('@').append(recipe.addressing());
        }
        if (recipe.operands().isEmpty()) {
            name.append(':').append(recipe.width().size());
        }
        return name.append(recipe.locked() ? "!" : "").toString();
    }

    static List<Pair> pairs(List<Half> handlers) {
        List<Pair> pairs = new ArrayList<>();
        List<Half> jumps =
                handlers.stream().filter(h -> h.recipe().shape() == Shape.JUMP_IF).toList();
        for (Half first : handlers) {
            Set<Operation> wanted = JUMPS.get(first.operation());
            if (wanted == null || !fusable(first)) {
                continue;
            }
            for (Half second : jumps) {
                if (wanted.contains(second.operation())
                        && second.recipe().width().bits() == Long.SIZE) {
                    pairs.add(new Pair(first, second));
                }
            }
        }
        pairs.addAll(frequent(handlers));
        return pairs;
    }

    /**
     * The pairs of the text file, whose lines read {@code FIRST + SECOND} in the notation of {@link
     * #name}.
     */
    private static List<Pair> frequent(List<Half> handlers) {
        Map<String, Half> byName = new HashMap<>();
        handlers.forEach(half -> byName.put(name(half), half));
        List<Pair> pairs = new ArrayList<>();
        for (String line : lines()) {
            String[] names = line.split(" \\+ ");
            Half first = byName.get(names[0]);
            Half second = byName.get(names[1]);
            if (first == null
                    || second == null
                    || !first.recipe().mayComeFirst()
                    || !second.recipe().mayComeSecond()) {
                throw new AssertionError("pairs.txt: \"" + line + "\" is no pair of handlers");
            }
            pairs.add(new Pair(first, second));
        }
        return pairs;
    }

    private static List<String> lines() {
        try (InputStream in = FusionPlan.class.getResourceAsStream("pairs.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean fusable(Half half) {
        Recipe recipe = half.recipe();
        if (recipe.shape() != Shape.OPERANDS
                || recipe.locked()
                || recipe.width().bits() == Short.SIZE) {
            return false;
        }
        boolean compare = half.operation() == Operation.CMP || half.operation() == Operation.TEST;
        boolean registers =
                recipe.addressing() == Addressing.NONE && recipe.width().bits() >= Integer.SIZE;
        return registers
                || compare
                        && (recipe.addressing() == Addressing.NONE
                                || recipe.addressing() == Addressing.PLAIN);
    }
}
