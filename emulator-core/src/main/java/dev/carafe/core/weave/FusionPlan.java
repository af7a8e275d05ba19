package dev.carafe.core.weave;

import dev.carafe.core.isa.Operation;
import dev.carafe.core.weave.Recipe.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which two records in a row become one handler: a comparison, or arithmetic on registers, and the jump on its outcome. Chosen by
 * what compilers emit; every pair is one class, so rare ones are left out.
 */
final class FusionPlan {
    /** A recipe and what it is known by. */
    record Half(int number, Operation operation, Recipe recipe) {}

    /** Numbers of the two halves. */
    record Pair(Half first, Half second) {}

    private static final Set<Operation> ON_EQUAL = Set.of(Operation.JE, Operation.JNE);
    private static final Set<Operation> ON_COMPARE = Set.of(
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
            Set.of(Operation.JE, Operation.JNE, Operation.JS, Operation.JNS, Operation.JLE, Operation.JG);

    private static final Map<Operation, Set<Operation>> JUMPS = Map.of(
            Operation.CMP, ON_COMPARE,
            Operation.TEST, ON_TEST,
            Operation.ADD, ON_EQUAL,
            Operation.SUB, ON_EQUAL,
            Operation.AND, ON_EQUAL,
            Operation.DEC, ON_EQUAL,
            Operation.SHR, ON_EQUAL);

    private FusionPlan() {}

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
        return pairs;
    }

    private static boolean fusable(Half half) {
        Recipe recipe = half.recipe();
        if (recipe.shape() != Shape.OPERANDS || recipe.locked() || recipe.width().bits() == Short.SIZE) {
            return false;
        }
        boolean compare = half.operation() == Operation.CMP || half.operation() == Operation.TEST;
        boolean registers = recipe.addressing() == Addressing.NONE && recipe.width().bits() >= Integer.SIZE;
        return registers || compare && (recipe.addressing() == Addressing.NONE || recipe.addressing() == Addressing.PLAIN);
    }
}
