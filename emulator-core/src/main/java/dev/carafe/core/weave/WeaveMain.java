package dev.carafe.core.weave;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The build step that weaves the handlers: reads opcode tables and {@code @Semantics} methods,
 * writes a class for every recipe, the {@link HandlerIndex} and the compact form of the opcode
 * tables beside the compiled classes.
 */
public final class WeaveMain {
    private static final int MAX_PLACES = 3;
    private static final int[] WIDTHS = {1, 2, 4, 8};

    private final Path output;
    private final OpcodeTables tables = OpcodeTables.loadText();
    private final RecipeBook book;
    private final Map<Recipe, FusionPlan.Half> handlers = new LinkedHashMap<>();
    private final Set<Operation> missing = EnumSet.noneOf(Operation.class);
    private final short[] selection;
    private int next = HandlerIndex.FIRST;

    private WeaveMain(Path output) {
        this.output = output;
        book = new RecipeBook(SemanticsIndex.scan(output));
        selection = new short[tables.rows().size() * HandlerIndex.VARIANTS * HandlerIndex.WIDTHS];
    }

    /** {@code arguments[0]}: the folder of compiled classes, read and written. */
    public static void main(String[] arguments) throws IOException {
        new WeaveMain(Path.of(arguments[0])).weave();
    }

    private void weave() throws IOException {
        for (Encoding encoding : tables.rows()) {
            choose(encoding);
        }
        if (!missing.isEmpty()) {
            throw new AssertionError("no semantics for " + missing);
        }
        Path folder =
                Files.createDirectories(output.resolve(HandlerIndex.PACKAGE.replace('.', '/')));
        for (FusionPlan.Half half : handlers.values()) {
            write(folder, half.number(), List.of(half.recipe()));
        }
        List<FusionPlan.Pair> pairs = FusionPlan.pairs(new ArrayList<>(handlers.values()));
        short[] first = new short[pairs.size()];
        short[] second = new short[pairs.size()];
        int firstFused = next;
        for (int i = 0; i < pairs.size(); i++) {
            FusionPlan.Pair pair = pairs.get(i);
            first[i] = (short) pair.first().number();
            second[i] = (short) pair.second().number();
            write(folder, number(), List.of(pair.first().recipe(), pair.second().recipe()));
        }
        Path index =
                output.resolve(HandlerIndex.class.getPackageName().replace('.', '/'))
                        .resolve(HandlerIndex.RESOURCE);
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(index)))) {
            HandlerIndex.write(out, selection, firstFused, first, second);
        }
        byte[] factory =
                FactoryWeaver.weave(
                        HandlerIndex.FACTORY, HandlerIndex.HANDLER, HandlerIndex.FIRST, next);
        Files.write(folder.resolve("Factory.class"), factory);
        writeNames(folder);
        Path recipes = index.resolveSibling(RecipeTable.RESOURCE);
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(recipes)))) {
            RecipeTable.write(out, handlers.values());
        }
        Path compact = output.resolve(OpcodeTables.COMPACT.substring(1));
        Files.createDirectories(compact.getParent());
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(compact)))) {
            tables.write(out);
        }
    }

    /** What each handler does, for people who look at a profile. */
    private void writeNames(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (FusionPlan.Half half : handlers.values()) {
            lines.add("H" + half.number() + " " + FusionPlan.name(half));
        }
        Files.write(folder.resolve("handlers.txt"), lines);
    }

    private void choose(Encoding encoding) {
        for (int place = 0; place < MAX_PLACES; place++) {
            for (int lock = 0; lock < 2; lock++) {
                if (lock == 1 && place == 0) {
                    continue; // LOCK wants memory
                }
                for (int width : WIDTHS) {
                    if (!book.hasSemantics(encoding, place > 0)) {
                        missing.add(encoding.operation());
                        continue;
                    }
                    Recipe recipe = book.recipe(encoding, place, lock == 1, width);
                    if (recipe != null) {
                        int key =
                                HandlerIndex.key(
                                        encoding.id(),
                                        place + lock * MAX_PLACES,
                                        HandlerIndex.widthIndex(width));
                        selection[key] =
                                (short)
                                        handlers.computeIfAbsent(
                                                        recipe,
                                                        r ->
                                                                new FusionPlan.Half(
                                                                        number(),
                                                                        encoding.operation(),
                                                                        r))
                                                .number();
                    }
                }
            }
        }
    }

    private int number() {
        if (next == HandlerIndex.CAPACITY) {
            throw new AssertionError("more handlers than a record can name");
        }
        return next++;
    }

    private static void write(Path folder, int number, List<Recipe> recipes) throws IOException {
        byte[] bytes = HandlerWeaver.weave(HandlerIndex.HANDLER + number, recipes);
        Files.write(folder.resolve("H" + number + ".class"), bytes);
    }
}
