package dev.carafe.core.weave;

import dev.carafe.core.isa.Handler;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Makes handlers of regions while a machine runs. One thread at a time. */
public final class RegionCompiler {
    private static final int MOST_STEPS = 64;
    private static final int FEWEST_STEPS = 3;

    /** HotSpot never compiles a longer method. */
    private static final int LONGEST_CODE = 8000;

    private final RecipeTable recipes = RecipeTable.load();
    private final MemorySegment ram;
    private final HotRegion.Exits exits;
    private int count;

    /**
     * @param ram the machine's
     * @param exits hears of the records to which a region often goes, on a vCPU's thread
     */
    public RegionCompiler(MemorySegment ram, HotRegion.Exits exits) {
        this.ram = ram;
        this.exits = exits;
    }

    /**
     * The handler for the region that begins at a record, or null where there is nothing to gain.
     *
     * @param records a page's, as they are now
     * @param alone the number of the handler that executes only the first record of a fused one
     */
    public Handler compile(long[] records, int entry, IntUnaryOperator alone) {
        List<RegionPlan.Step> steps = RegionPlan.of(records, entry, recipes, alone, MOST_STEPS);
        while (steps.size() >= FEWEST_STEPS) {
            byte[] bytes =
                    RegionWeaver.weave(HandlerIndex.class.getPackageName() + ".R" + count, steps);
            if (codeLength(bytes) < LONGEST_CODE) {
                count++;
                return define(bytes);
            }
            steps = steps.subList(0, steps.size() / 2);
        }
        return null;
    }

    private static int codeLength(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(m -> m.findAttribute(Attributes.code()).stream())
                .mapToInt(CodeAttribute::codeLength)
                .max()
                .orElse(0);
    }

    private Handler define(byte[] bytes) {
        try {
            HotRegion region =
                    (HotRegion)
                            MethodHandles.lookup()
                                    .defineHiddenClassWithClassData(bytes, ram, false)
                                    .lookupClass()
                                    .getDeclaredConstructor()
                                    .newInstance();
            region.listen(exits);
            return region;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a region's class", e);
        }
    }
}
