package dev.carafe.tools.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of {@code --report-json}: one JSON object a line, for each report. */
public final class ReportFile {
    private static final int VERSION = 1;

    private final Path path;

    private ReportFile(Path path) {
        this.path = path;
    }

    /**
     * Makes the file empty, so that one that cannot be written is known before the run.
     *
     * @throws IOException when it cannot be written
     */
    public static ReportFile create(Path path) throws IOException {
        Files.write(path, new byte[0]);
        return new ReportFile(path);
    }

    /**
     * Adds a line for each report.
     *
     * @throws IOException when the file cannot be written any more
     */
    public void write(List<Report> reports) throws IOException {
        for (Report report : reports) {
            Files.writeString(path, json(report) + "\n", StandardOpenOption.APPEND);
        }
    }

    static String json(Report report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("version", VERSION);
        object.put("kind", report.kind());
        object.put("code", report.code());
        if (report.cpu() != Report.NOBODY) {
            object.put("cpu", report.cpu());
        }
        object.put("headline", report.headline());
        object.putAll(report.facts());
        object.put("lines", report.lines());
        try {
            return new ObjectMapper().writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new AssertionError("strings, numbers, lists and maps have a JSON form", e);
        }
    }
}
