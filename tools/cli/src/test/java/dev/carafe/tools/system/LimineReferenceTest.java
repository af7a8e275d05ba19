package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.carafe.tools.board.MachineModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a kernel finds at its entry, field by field against measurements of Limine 8.2.0 on QEMU
 * 7.2. Each difference must stand, with its reason, in docs/limine-conformance.md.
 */
class LimineReferenceTest {
    private static final Path TABLE = Path.of("..", "..", "docs", "limine-conformance.md");

    /** The four measurements: machine, CPUs, base revision. */
    private static final String[][] REFERENCES = {
        {"q35", "4", "0"}, {"q35", "4", "2"}, {"q35", "1", "2"}, {"pc", "4", "2"},
    };

    /** A row of the table: a field, where * stands for any text, and what the two have there. */
    private record Difference(String field, String reference, String carafe) {
        boolean allows(String name, String there, String here) {
            return matches(field, name) && matches(reference, there) && matches(carafe, here);
        }

        private static boolean matches(String pattern, String text) {
            StringBuilder expression = new StringBuilder();
            for (String part : pattern.split("\\*", -1)) {
                expression.append(expression.isEmpty() ? "" : ".*");
                expression.append(Pattern.quote(part));
            }
            return text.matches(expression.toString());
        }
    }

    @ParameterizedTest(name = "{0} -smp {1}, base revision {2}")
    @CsvSource({"q35, 4, 0", "q35, 4, 2", "q35, 1, 2", "pc, 4, 2"})
    void everyDifferenceHasItsReason(String machine, int cpus, int revision) throws IOException {
        List<Difference> allowed = allowed();
        List<String> unexplained = new ArrayList<>();
        for (String[] difference : differences(machine, cpus, revision)) {
            boolean known =
                    allowed.stream()
                            .anyMatch(d -> d.allows(difference[0], difference[1], difference[2]));
            if (!known) {
                unexplained.add(String.join(" | ", difference));
            }
        }

        assertEquals("", String.join("\n", unexplained), "field | reference | Carafe");
    }

    @Test
    void noReasonOutlivesItsDifference() throws IOException {
        List<String[]> all = new ArrayList<>();
        for (String[] reference : REFERENCES) {
            all.addAll(
                    differences(
                            reference[0],
                            Integer.parseInt(reference[1]),
                            Integer.parseInt(reference[2])));
        }
        List<String> stale = new ArrayList<>();
        for (Difference allowed : allowed()) {
            boolean timeDecides = allowed.carafe.equals("*") && allowed.reference.equals("*");
            if (!timeDecides && all.stream().noneMatch(d -> allowed.allows(d[0], d[1], d[2]))) {
                stale.add(allowed.toString());
            }
        }

        assertEquals(List.of(), stale, "rows that explain nothing");
    }

    private static List<String[]> differences(String machine, int cpus, int revision) {
        Dump there = Dump.of(reference(machine + "-smp" + cpus + "-baserev" + revision));
        PcMachine.Run run =
                PcMachine.bootingGuest("tests/limine-dump-rev" + revision + ".elf")
                        .model(MachineModel.valueOf(machine.toUpperCase(Locale.ROOT)))
                        .cpus(cpus)
                        .memory(256)
                        .cpu("qemu64")
                        .commandLine(there.text("cmd"))
                        .bootTime(there.number("time"))
                        .run();
        assertEquals(0x10 << 1 | 1, run.exitCode(), run::serial);
        Dump here = Dump.of(run.serial());
        Set<String> names = new LinkedHashSet<>(there.fields().keySet());
        names.addAll(here.fields().keySet());
        List<String[]> differences = new ArrayList<>();
        for (String name : names) {
            boolean measured = !name.startsWith("more "); // Limine 8.2 does not know those requests
            if (measured && !there.text(name).equals(here.text(name))) {
                differences.add(new String[] {name, there.text(name), here.text(name)});
            }
        }
        return differences;
    }

    private static String reference(String name) {
        String file = "limine8.2-qemu7.2-" + name + ".txt";
        try (InputStream stream = LimineReferenceTest.class.getResourceAsStream(file)) {
            return stream == null
                    ? fail("no " + file)
                    : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return fail(e);
        }
    }

    /** The rows of the document's table whose first column is a field. */
    private static List<Difference> allowed() throws IOException {
        List<Difference> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns = line.split("\\|");
            if (columns.length >= 5 && columns[1].strip().startsWith("`")) {
                assertTrue(columns[4].strip().length() > 5, () -> "no reason: " + line);
                for (String field : columns[1].split(",")) {
                    rows.add(new Difference(value(field), value(columns[2]), value(columns[3])));
                }
            }
        }
        return rows;
    }

    /** What stands between backquotes is exact; words stand for any value. */
    private static String value(String column) {
        String text = column.strip();
        return text.startsWith("`") ? text.substring(1, text.length() - 1) : "*";
    }
}
