package dev.carafe.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The walls between modules and inside them, read from the class files that the build has just
 * made.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    /** Makes the constants of an enum, once: one for each mnemonic. */
    private static final String ONCE = "dev/carafe/core/isa/Operation.<clinit>";

    private static final int HOTSPOT_HUGE_METHOD_LIMIT =
            8000; // bytes; HotSpot never compiles a longer method

    private static final List<String> MODULES =
            List.of("emulator-core", "devices", "firmware", "tools/cli");

    private final List<ClassModel> classes = new ArrayList<>();

    @BeforeAll
    void readClasses() throws IOException {
        Path root =
                Path.of(System.getProperty("basedir", "."))
                        .toAbsolutePath()
                        .normalize()
                        .getParent()
                        .getParent();
        for (String module : MODULES) {
            int before = classes.size();
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("target/classes"))) {
                files.filter(ArchitectureTest::isClass)
                        .map(ArchitectureTest::parse)
                        .forEach(classes::add);
            }
            assertTrue(classes.size() > before, module + " has classes");
        }
    }

    @ParameterizedTest(name = "{0} knows nothing of {1}")
    @CsvSource({
        "dev/carafe/core/,             dev/carafe/devices/",
        "dev/carafe/core/,             dev/carafe/firmware/",
        "dev/carafe/core/,             dev/carafe/tools/",
        "dev/carafe/devices/,          dev/carafe/firmware/",
        "dev/carafe/devices/,          dev/carafe/tools/",
        "dev/carafe/devices/,          dev/carafe/core/cpu/",
        "dev/carafe/devices/,          dev/carafe/core/memory/",
        "dev/carafe/devices/,          dev/carafe/core/machine/",
        "dev/carafe/devices/,          dev/carafe/core/interpreter/",
        "dev/carafe/firmware/,         dev/carafe/core/",
        "dev/carafe/firmware/,         dev/carafe/devices/",
        "dev/carafe/firmware/,         dev/carafe/tools/",
        "dev/carafe/tools/console/,    dev/carafe/tools/cli/",
        "dev/carafe/tools/board/,      dev/carafe/tools/cli/",
        "dev/carafe/tools/board/,      picocli/",
        "dev/carafe/core/isa/integer/, dev/carafe/core/bus/", // instructions reach memory through
        // operand forms only
        "dev/carafe/core/isa/integer/, org/slf4j/",
        "dev/carafe/core/memory/,      dev/carafe/core/cpu/", // the MMU is told, it never asks
        "dev/carafe/core/memory/,      dev/carafe/core/interpreter/",
        "dev/carafe/core/cpu/,         dev/carafe/core/machine/",
        "dev/carafe/core/bus/,         dev/carafe/core/cpu/",
    })
    void dependencies(String who, String whom) {
        assertEquals(
                List.of(),
                in(who).filter(c -> mentions(c, whom)).map(ArchitectureTest::name).toList());
    }

    @Test
    void everyMethodIsShortEnoughForTheJit() {
        List<String> huge =
                classes.stream()
                        .flatMap(
                                c ->
                                        c.methods().stream()
                                                .filter(m -> !runsOnce(m))
                                                .filter(
                                                        m ->
                                                                !m.methodName()
                                                                        .equalsString(
                                                                                "<clinit>")) // runs
                                                // once
                                                .filter(
                                                        m ->
                                                                m.findAttribute(Attributes.code())
                                                                                .map(
                                                                                        CodeAttribute
                                                                                                ::codeLength)
                                                                                .orElse(0)
                                                                        > HOTSPOT_HUGE_METHOD_LIMIT)
                                                .map(m -> name(c) + "." + m.methodName()))
                        .filter(method -> !method.equals(ONCE))
                        .toList();

        assertEquals(List.of(), huge);
    }

    /** Several machines live in one JVM: what is static never changes. */
    @ParameterizedTest(name = "{0} has no static field that can change")
    @ValueSource(
            strings = {
                "dev/carafe/core/",
                "dev/carafe/devices/",
                "dev/carafe/firmware/",
                "dev/carafe/tools/"
            })
    void nothingStaticChanges(String who) {
        List<String> fields =
                in(who).flatMap(
                                c ->
                                        c.fields().stream()
                                                .filter(ArchitectureTest::canChange)
                                                .map(f -> name(c) + "." + f.fieldName()))
                        .toList();

        assertEquals(List.of(), fields);
    }

    /**
     * Whatever differs from run to run enters through one door (the machine's clock), or a run
     * cannot be repeated.
     */
    @ParameterizedTest(name = "{0} does not ask the host for {1}")
    @CsvSource({
        "dev/carafe/devices/,          nanoTime",
        "dev/carafe/devices/,          currentTimeMillis",
        "dev/carafe/devices/,          java/util/Random",
        "dev/carafe/devices/,          java/util/concurrent/ThreadLocalRandom",
        "dev/carafe/devices/,          java/lang/Thread",
        "dev/carafe/firmware/,         nanoTime",
        "dev/carafe/firmware/,         currentTimeMillis",
        "dev/carafe/firmware/,         java/util/Random",
        "dev/carafe/core/cpu/,         nanoTime",
        "dev/carafe/core/isa/,         nanoTime",
        "dev/carafe/core/interpreter/, nanoTime",
        "dev/carafe/core/memory/,      nanoTime",
        "dev/carafe/,                  sun/misc/Unsafe",
    })
    void theHostIsNotAsked(String who, String what) {
        assertEquals(
                List.of(),
                in(who).filter(c -> mentions(c, what)).map(ArchitectureTest::name).toList());
    }

    /** What makes an enumeration's constants is long, and never hot. */
    private static boolean runsOnce(MethodModel method) {
        return method.methodName().equalsString("<clinit>");
    }

    private Stream<ClassModel> in(String prefix) {
        return classes.stream().filter(c -> name(c).startsWith(prefix));
    }

    private static boolean canChange(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC) && !field.flags().has(AccessFlag.FINAL);
    }

    /**
     * Class names, descriptors and signatures are all Utf8 constants, so one scan sees every
     * reference.
     */
    private static boolean mentions(ClassModel model, String prefix) {
        return StreamSupport.stream(model.constantPool().spliterator(), false)
                .anyMatch(e -> e instanceof Utf8Entry text && text.stringValue().contains(prefix));
    }

    private static String name(ClassModel model) {
        return model.thisClass().asInternalName();
    }

    private static boolean isClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".class") && !name.equals("module-info.class");
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
