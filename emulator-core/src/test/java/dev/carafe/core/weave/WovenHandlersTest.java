package dev.carafe.core.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.decode.OpcodeTables;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the build has woven: complete, small enough for the JVM's compiler, and numbered as records
 * can name it.
 */
class WovenHandlersTest {
    private static final int HOTSPOT_HUGE_METHOD_LIMIT =
            8000; // bytes; HotSpot never compiles a longer method

    private static final OpcodeTables TABLES = OpcodeTables.loadText();
    private static final HandlerIndex INDEX = HandlerIndex.load();

    private static RecipeBook book() throws URISyntaxException {
        Path classes =
                Path.of(
                        HandlerIndex.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        return new RecipeBook(SemanticsIndex.scan(classes));
    }

    @Test
    void everyOperationHasARow() {
        Set<Operation> without = EnumSet.allOf(Operation.class);
        TABLES.rows().forEach(row -> without.remove(row.operation()));
        without.remove(Operation.INVALID);

        assertEquals(Set.of(), without);
    }

    @Test
    void everyRowHasSemanticsForItsOperandInARegisterAndInMemory() throws URISyntaxException {
        RecipeBook book = book();
        List<String> without = new ArrayList<>();
        for (Encoding row : TABLES.rows()) {
            if (!book.hasSemantics(row, false) || !book.hasSemantics(row, true)) {
                without.add(row.notation());
            }
        }
        assertEquals(List.of(), without);
    }

    /**
     * A vector instruction that loads its operand must not be woven as one that stores it, which
     * the names would allow.
     */
    @Test
    void aRowWhoseFirstOperandIsAVectorRegisterNeverStores() throws URISyntaxException {
        RecipeBook book = book();
        List<String> storing = new ArrayList<>();
        for (Encoding row : TABLES.rows()) {
            boolean loads =
                    !row.operands().isEmpty()
                            && row.operands().getFirst().kind()
                                    == dev.carafe.core.isa.Operand.Kind.XMM;
            Recipe recipe = loads ? book.recipe(row, 1, false, 8) : null;
            if (recipe != null && recipe.shape() == Recipe.Shape.VECTOR_STORE) {
                storing.add(row.notation());
            }
        }
        assertEquals(List.of(), storing);
    }

    @Test
    void everyHandlerLoadsAndIsShortEnoughToBeCompiled() throws IOException {
        int number = HandlerIndex.FIRST;
        List<Integer> tooLong = new ArrayList<>();
        while (classFile(number) != null) {
            ClassModel model = ClassFile.of().parse(classFile(number));
            int longest =
                    model.methods().stream()
                            .mapToInt(
                                    m ->
                                            m.findAttribute(Attributes.code())
                                                    .map(CodeAttribute::codeLength)
                                                    .orElse(0))
                            .max()
                            .orElseThrow();
            if (longest > HOTSPOT_HUGE_METHOD_LIMIT) {
                tooLong.add(number);
            }
            Handler handler = INDEX.instantiate(number);
            assertNotNull(handler);
            number++;
        }
        assertEquals(List.of(), tooLong);
        assertTrue(number > 500, "only " + number + " handlers");
        assertTrue(number < HandlerIndex.CAPACITY, number + " handlers do not fit into a record");
    }

    @Test
    void aPairKnowsItsFirstHalf() throws IOException {
        int pairs = 0;
        for (int number = HandlerIndex.FIRST; classFile(number) != null; number++) {
            int first = INDEX.firstHalf(number);
            if (first != number) {
                pairs++;
                assertTrue(first >= HandlerIndex.FIRST && first < number);
                assertEquals(first, INDEX.firstHalf(first), "halves are no pairs");
            }
        }
        assertTrue(pairs > 50);
        assertFalse(pairs > 1000, "so many classes make flat code slow");
    }

    private static byte[] classFile(int number) throws IOException {
        String name = "/" + (HandlerIndex.PACKAGE + ".H" + number).replace('.', '/') + ".class";
        try (InputStream in = HandlerIndex.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
