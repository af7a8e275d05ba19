package dev.carafe.tools.suite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Results as one JSON object a line: a {@code test} for each run, and a {@code summary}. */
final class JsonLines {
    private JsonLines() {}

    static void write(Path file, List<CaseResult> results) throws IOException {
        StringWriter text = new StringWriter();
        JsonFactory factory = new JsonFactory();
        for (CaseResult result : results) {
            try (JsonGenerator json = factory.createGenerator(text)) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                test(json, result);
            }
            text.write('\n');
        }
        try (JsonGenerator json = factory.createGenerator(text)) {
            summary(json, Summary.of(results));
        }
        text.write('\n');
        Files.writeString(file, text.toString(), StandardCharsets.UTF_8);
    }

    private static void test(JsonGenerator json, CaseResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "test");
        json.writeStringField("name", result.test().name());
        json.writeStringField("status", lower(result.status()));
        json.writeNumberField("exitCode", result.exitCode());
        json.writeNumberField("milliseconds", result.duration().toMillis());
        json.writeStringField("reason", result.reason());
        json.writeStringField("file", result.place().file());
        json.writeNumberField("line", result.place().line());
        json.writeStringField("command", Shell.line(CaseRun.options(result.test())));
        json.writeArrayFieldStart("results");
        for (TapResult tap : result.tap()) {
            json.writeStartObject();
            json.writeStringField("name", tap.name());
            json.writeStringField("status", lower(tap.status()));
            json.writeStringField("detail", tap.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("serial", result.serial());
        json.writeStringField("messages", result.messages());
        json.writeEndObject();
    }

    private static void summary(JsonGenerator json, Summary summary) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "summary");
        json.writeNumberField("passed", summary.passed());
        json.writeNumberField("failed", summary.failed());
        json.writeNumberField("skipped", summary.skipped());
        json.writeEndObject();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
