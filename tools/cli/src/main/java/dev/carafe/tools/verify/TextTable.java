package dev.carafe.tools.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A resource of lines whose fields are parted by {@code |}; {@code #} begins a comment line. */
final class TextTable {
    private TextTable() {}

    static List<List<String>> read(String name, int fields) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : text(name).split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> row = Arrays.stream(line.split("\\|")).map(String::strip).toList();
            if (row.size() != fields) {
                throw new AssertionError("%s: not %d fields: %s".formatted(name, fields, line));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String text(String name) {
        try (InputStream in = TextTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
