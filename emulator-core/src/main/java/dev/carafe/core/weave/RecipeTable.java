package dev.carafe.core.weave;

import dev.carafe.core.cpu.Width;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each handler was woven from, by its number: written beside the handlers by the build, read
 * when the first region is woven. Only recipes that a region may hold are kept.
 */
final class RecipeTable {
    static final String RESOURCE = "recipes.bin";

    private final Map<Integer, Recipe> byNumber = new HashMap<>();

    private RecipeTable() {}

    /** The handler's recipe, or null where a region must end. */
    Recipe of(int number) {
        return byNumber.get(number);
    }

    private static boolean kept(Recipe recipe) {
        return !recipe.locked()
                && !recipe.mmx()
                && recipe.vector() == 0
                && switch (recipe.shape()) {
                    case COMPLEX, COMPLEX_LEAVING -> false;
                    default -> true;
                };
    }

    // ---- the file

    static void write(DataOutputStream out, Collection<FusionPlan.Half> handlers)
            throws IOException {
        List<FusionPlan.Half> all = handlers.stream().filter(h -> kept(h.recipe())).toList();
        out.writeShort(all.size());
        for (FusionPlan.Half half : all) {
            Recipe recipe = half.recipe();
            out.writeShort(half.number());
            out.writeByte(recipe.shape().ordinal());
            out.writeUTF(recipe.method().getDeclaringClass().getName());
            out.writeUTF(signature(recipe.method()));
            out.writeByte(recipe.operands().size());
            for (int i = 0; i < recipe.operands().size(); i++) {
                out.writeByte(recipe.operands().get(i).ordinal());
                out.writeShort(recipe.sizes().get(i));
            }
            out.writeByte(recipe.width().size());
            out.writeByte(recipe.addressing().ordinal());
            out.writeBoolean(recipe.discards());
        }
    }

    static RecipeTable load() {
        try (InputStream resource = RecipeTable.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new AssertionError("the build did not write the recipes");
            }
            byte[] bytes = resource.readAllBytes();
            return read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecipeTable read(DataInputStream in) throws IOException {
        RecipeTable table = new RecipeTable();
        Map<String, Map<String, Method>> methods = new HashMap<>();
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            int number = in.readUnsignedShort();
            Recipe.Shape shape = Recipe.Shape.values()[in.readByte()];
            Method method =
                    methods.computeIfAbsent(in.readUTF(), RecipeTable::methodsOf).get(in.readUTF());
            List<Access> operands = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            int length = in.readByte();
            for (int j = 0; j < length; j++) {
                operands.add(Access.values()[in.readByte()]);
                sizes.add((int) in.readShort());
            }
            Width width = Width.ofSize(in.readByte());
            Addressing addressing = Addressing.values()[in.readByte()];
            table.byNumber.put(
                    number,
                    new Recipe(
                            shape,
                            method,
                            operands,
                            sizes,
                            width,
                            addressing,
                            false,
                            in.readBoolean(),
                            0,
                            false));
        }
        return table;
    }

    private static Map<String, Method> methodsOf(String className) {
        try {
            Map<String, Method> methods = new HashMap<>();
            for (Method method : Class.forName(className).getDeclaredMethods()) {
                methods.put(signature(method), method);
            }
            return methods;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(className, e);
        }
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
