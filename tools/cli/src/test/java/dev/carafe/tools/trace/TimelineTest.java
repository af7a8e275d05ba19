package dev.carafe.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The file of a timeline. */
class TimelineTest {
    private final StringWriter file = new StringWriter();

    private JsonNode events() throws IOException {
        return new ObjectMapper().readTree(file.toString()).get("traceEvents");
    }

    @Test
    void anArrowLeadsFromTheSenderToWhoeverReceivesTheVector() throws IOException {
        Timeline timeline = new Timeline(file);
        timeline.sent(0, 0x41, 5_000, "send_ipi");
        timeline.sent(0, 0x42, 6_000, "send_ipi");
        timeline.received(1, 0x42, 7_000);
        timeline.received(1, 0x20, 8_000); // a timer's: nobody has sent it
        timeline.close();

        assertEquals("X", events().get(0).get("ph").asText());
        assertEquals("send IPI 0x41", events().get(0).get("name").asText());
        JsonNode start = events().get(3);
        JsonNode end = events().get(4);
        assertEquals("s", start.get("ph").asText());
        assertEquals("f", end.get("ph").asText());
        assertEquals(start.get("id"), end.get("id"));
        assertEquals(1, start.get("pid").intValue());
        assertEquals(2, end.get("pid").intValue());
        assertEquals(7.0, end.get("ts").doubleValue());
        assertEquals(5, events().size());
    }

    @Test
    void aSpanSaysWhenHowLongAndWhere() throws IOException {
        Timeline timeline = new Timeline(file);
        timeline.span(3, Timeline.WAITING, "HLT", 1_500, 4_000, "idle+0x3");
        timeline.close();

        assertEquals(
                "{\"ph\":\"X\",\"pid\":4,\"tid\":3,\"name\":\"HLT\",\"ts\":1.5,\"dur\":2.5,"
                        + "\"args\":{\"at\":\"idle+0x3\"}}",
                events().get(0).toString());
    }

    @Test
    void nothingIsWrittenBehindTheEnd() throws IOException {
        Timeline timeline = new Timeline(file);
        timeline.close();
        timeline.span(0, Timeline.WAITING, "HLT", 1, 2, "");

        assertEquals(0, events().size());
    }
}
