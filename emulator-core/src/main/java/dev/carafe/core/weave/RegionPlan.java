package dev.carafe.core.weave;

import dev.carafe.core.isa.Record;
import dev.carafe.core.weave.Recipe.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Which records belong to a region: everything that can be reached from its first record by going
 * on, and by direct jumps that are linked already, up to a number.
 */
final class RegionPlan {
    /**
     * A record of the region.
     *
     * @param index in the page's array
     * @param recipe null for a record that only goes on elsewhere
     * @param target index of the record that a direct jump leads to, or 0
     */
    record Step(int index, long word0, long word1, Recipe recipe, int target) {
        boolean goesOn() {
            return recipe != null && recipe.shape() != Shape.RAW;
        }

        /** A direct jump that is always taken, or a record that only goes on elsewhere. */
        boolean jumps() {
            return target != 0 && !goesOn();
        }
    }

    private static final int GOTO = 1; // the interpreter's number for "goes on elsewhere"
    private static final String DIRECT_JUMP = "jumpRelative";

    private final long[] records;
    private final RecipeTable recipes;
    private final IntUnaryOperator alone;
    private final int most;
    private final Map<Integer, Step> steps = new LinkedHashMap<>();
    private final Deque<Integer> starts = new ArrayDeque<>();

    private RegionPlan(long[] records, RecipeTable recipes, IntUnaryOperator alone, int most) {
        this.records = records;
        this.recipes = recipes;
        this.alone = alone;
        this.most = most;
    }

    /**
     * The steps in the order they should be emitted in, the first one first; empty when there is
     * nothing to gain.
     *
     * @param alone the number of the handler that executes only the first record of a fused one
     * @param most steps
     */
    static List<Step> of(
            long[] records, int entry, RecipeTable recipes, IntUnaryOperator alone, int most) {
        RegionPlan plan = new RegionPlan(records, recipes, alone, most);
        plan.starts.add(entry);
        while (!plan.starts.isEmpty()) {
            plan.follow(plan.starts.poll());
        }
        return new ArrayList<>(plan.steps.values());
    }

    private void follow(int start) {
        int index = start;
        while (steps.size() < most && !steps.containsKey(index)) {
            Step step = step(index);
            if (step == null) {
                return;
            }
            steps.put(index, step);
            if (step.jumps()) {
                index = step.target();
            } else if (step.goesOn()) {
                if (step.target() != 0) {
                    starts.add(step.target());
                }
                index += Record.LONGS;
            } else {
                return;
            }
        }
    }

    private Step step(int index) {
        if (index <= 0 || index + 1 >= records.length) {
            return null;
        }
        long word0 = records[index];
        long word1 = records[index + 1];
        int number = alone.applyAsInt(Record.handler(word0));
        if (number == GOTO) {
            return new Step(index, word0, word1, null, Record.link(word1));
        }
        Recipe recipe = recipes.of(number);
        if (recipe == null) {
            return null;
        }
        boolean direct =
                recipe.shape() == Shape.JUMP_IF
                        || recipe.shape() == Shape.RAW
                                && recipe.method().getName().equals(DIRECT_JUMP);
        return new Step(index, word0, word1, recipe, direct ? Record.link(word1) : 0);
    }
}
