package dev.carafe.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
    @Test
    void aReportIsOneLineWithItsStableCodes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("reports.json");
        Report report =
                new Report(
                        "triple-fault",
                        "nx-without-nxe",
                        1,
                        "TRIPLE FAULT on CPU 1: \"quoted\"",
                        List.of("one\ttab", "two"),
                        Map.of("rip", "0x10", "line", 12));
        ReportFile.create(file).write(List.of(report, report));

        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        JsonNode json = new ObjectMapper().readTree(lines.getFirst());
        assertEquals(1, json.get("version").asInt());
        assertEquals("triple-fault", json.get("kind").asText());
        assertEquals("nx-without-nxe", json.get("code").asText());
        assertEquals(1, json.get("cpu").asInt());
        assertEquals(12, json.get("line").asInt());
        assertEquals("one\ttab", json.get("lines").get(0).asText());
    }

    @Test
    void anEarlierRunsReportsAreGone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("reports.json");
        Files.writeString(file, "old");
        ReportFile.create(file).write(List.of());
        assertEquals("", Files.readString(file));
    }
}
