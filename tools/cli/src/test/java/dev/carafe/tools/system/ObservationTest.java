package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.trace.AddressFilter;
import dev.carafe.tools.trace.Profile;
import dev.carafe.tools.trace.Timeline;
import dev.carafe.tools.trace.TraceLog;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Traces, profile and timeline of guests. Looked at, a guest may find its timers late on a busy
 * host: what it says of itself does not matter here.
 */
class ObservationTest {
    private static final String GUEST = "tests/sipi.elf";

    private final List<Logger> used = new ArrayList<>();

    @AfterEach
    void silence() {
        used.forEach(
                logger -> {
                    logger.setLevel(Level.OFF);
                    logger.detachAndStopAllAppenders();
                    logger.setAdditive(true);
                });
    }

    /** A line of the log, and who wrote it. */
    private record Line(String thread, String text) {}

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<Line> list = new ArrayList<>(); // guarded by AppenderBase's lock

        @Override
        protected void append(ILoggingEvent event) {
            list.add(new Line(event.getThreadName(), event.getFormattedMessage()));
        }
    }

    private Lines logged(String item) {
        Logger logger = (Logger) LoggerFactory.getLogger("carafe." + item);
        Lines lines = new Lines();
        lines.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(lines);
        used.add(logger);
        return lines;
    }

    @Test
    void aTraceNamesEveryInstructionWithItsProcessor() {
        Lines seen = logged("exec");
        Lines first = logged("in_asm");

        PcMachine.bootingGuest(GUEST)
                .cpus(2)
                .observedBy(board -> trace(board, AddressFilter.ALL))
                .run();

        String begin = seen.list.getFirst().text();
        assertTrue(
                begin.matches("0xffffffff8[0-9a-f]{7}:  ([0-9a-f]{2} )+ +[a-z].* <[a-z_]+>"),
                begin);
        Set<String> threads = new HashSet<>();
        seen.list.forEach(line -> threads.add(line.thread()));
        assertEquals(Set.of("vcpu-0", "vcpu-1"), threads);
        assertTrue(first.list.size() < seen.list.size() / 2, "in_asm tells each one once");
    }

    @Test
    void aFilterKeepsOtherCodeOut() {
        Lines seen = logged("exec");
        long[] entry = new long[1];

        PcMachine.bootingGuest(GUEST)
                .cpus(1)
                .observedBy(
                        board -> {
                            entry[0] = board.control().vcpus().getFirst().cpu().rip;
                            String only = "0x" + Long.toHexString(entry[0]) + "+1";
                            trace(board, AddressFilter.parse(only));
                        })
                .run();

        assertEquals(1, seen.list.size());
        assertTrue(seen.list.getFirst().text().startsWith("0x" + Long.toHexString(entry[0])));
    }

    private static void trace(PcBoard board, AddressFilter filter) {
        board.parts()
                .machine()
                .trace(new TraceLog(board.parts().machine(), board.symbols(), filter));
    }

    @Test
    void aTimelineHasNestedSpansAndArrowsWithBothEnds() throws IOException {
        StringWriter file = new StringWriter();
        Timeline timeline = new Timeline(file);

        PcMachine.bootingGuest("tests/irq.elf")
                .cpus(2)
                .observedBy(
                        board -> {
                            timeline.attach(board.parts().machine(), board.symbols());
                            board.parts().machine().trace(timeline);
                        })
                .run();
        timeline.close();

        JsonNode events = new ObjectMapper().readTree(file.toString()).get("traceEvents");
        Set<Integer> sent = new HashSet<>();
        Set<Integer> received = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (JsonNode event : events) {
            names.add(event.get("name").asText());
            switch (event.get("ph").asText()) {
                case "s" -> sent.add(event.get("id").intValue());
                case "f" -> received.add(event.get("id").intValue());
                default -> {}
            }
        }
        assertTrue(
                names.containsAll(Set.of("process_name", "#PF", "IF=0", "HLT")), names::toString);
        assertTrue(sent.containsAll(received), received::toString);
        for (int cpu = 1; cpu <= 2; cpu++) {
            for (int thread = 1; thread <= 4; thread++) {
                assertNested(events, cpu, thread);
            }
        }
    }

    /** Perfetto drops spans of one track that overlap without one holding the other. */
    private static void assertNested(JsonNode events, int cpu, int thread) {
        List<double[]> spans = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.get("ph").asText().equals("X")
                    && event.get("pid").intValue() == cpu
                    && event.get("tid").intValue() == thread) {
                double start = event.get("ts").doubleValue();
                spans.add(new double[] {start, start + event.get("dur").doubleValue()});
            }
        }
        spans.sort(
                (a, b) -> a[0] == b[0] ? Double.compare(b[1], a[1]) : Double.compare(a[0], b[0]));
        List<Double> open = new ArrayList<>();
        for (double[] span : spans) {
            while (!open.isEmpty() && open.getLast() <= span[0]) {
                open.removeLast();
            }
            assertTrue(
                    open.isEmpty() || span[1] <= open.getLast() + 0.002,
                    "CPU " + cpu + " track " + thread + " at " + span[0]);
            open.add(span[1]);
        }
    }

    @Test
    void aProfileHasAStackForEachSample() throws IOException {
        Profile profile = new Profile();

        PcMachine.bootingGuest("tests/irq.elf")
                .cpus(2)
                .observedBy(board -> profile.attach(board.parts().machine(), board.symbols()))
                .run();
        profile.detach();

        StringWriter file = new StringWriter();
        profile.write(file);
        List<String> lines = file.toString().lines().toList();
        assertTrue(
                lines.stream().allMatch(l -> l.matches("CPU [01](;[^; ]+)+ \\d+")),
                lines::toString);
        assertTrue(
                lines.stream().anyMatch(l -> l.startsWith("CPU 0;kernel_entry;")), lines::toString);
    }
}
