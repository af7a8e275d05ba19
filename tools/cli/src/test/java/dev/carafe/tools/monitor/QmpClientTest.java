package dev.carafe.tools.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine protocol, without a socket; errors and spelling are those of QEMU 7.2.22. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QmpClientTest {
    private static final String FUZZ_PROPERTY = "carafe.fuzz.lines";
    private static final int FUZZ_LINES = 20_000;
    private static final long LONG_ENOUGH = 60_000; // milliseconds

    private TestHost host;
    private ByteArrayOutputStream sent;
    private ClientOutput output;
    private QmpClient client;

    @BeforeAll
    void build() throws Exception {
        host = new TestHost();
    }

    @AfterAll
    void closeHost() {
        host.close();
    }

    @BeforeEach
    void connect() {
        sent = new ByteArrayOutputStream();
        output = new ClientOutput("test", sent, () -> {});
        Instant noon = Instant.ofEpochSecond(1_800_000_000L, 123_456_789);
        client = new QmpClient(host, host, () -> noon, output);
        client.opened();
    }

    @AfterEach
    void disconnect() {
        client.closed();
        output.close();
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        client.take(bytes, bytes.length);
    }

    private List<String> received() {
        output.drain(LONG_ENOUGH);
        String text = sent.toString(StandardCharsets.UTF_8);
        sent.reset();
        return text.lines().toList();
    }

    private void negotiate() {
        send("{\"execute\":\"qmp_capabilities\"}");
        received();
    }

    private String answer(String command) {
        send(command + "\n");
        return String.join("\n", received());
    }

    @Test
    void greetsFirst() {
        assertEquals(
                List.of(
                        "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 2, \"major\":"
                                + " 7}, \"package\": \"Carafe\"}, \"capabilities\": []}}"),
                received());
    }

    @Test
    void wantsNegotiationBeforeAnythingElse() {
        received();

        assertEquals(
                "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Expecting capabilities"
                        + " negotiation with 'qmp_capabilities'\"}}",
                answer("{\"execute\":\"query-status\"}"));
        assertEquals("{\"return\": {}}", answer("{\"execute\":\"qmp_capabilities\"}"));
        assertEquals(
                "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Capabilities negotiation"
                        + " is already complete, command ignored\"}}",
                answer("{\"execute\":\"qmp_capabilities\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"execute":5}               | GenericError    | QMP input member 'execute' must be a string
            {"foo":1}                   | GenericError    | QMP input member 'foo' is unexpected
            {}                          | GenericError    | QMP input lacks member 'execute'
            [1,2]                       | GenericError    | QMP input must be a JSON object
            "str"                       | GenericError    | QMP input must be a JSON object
            5                           | GenericError    | QMP input must be a JSON object
            {"execute":"nope"}          | CommandNotFound | The command nope has not been found
            {"execute":"stop","arguments":{"x":1}} | GenericError | Parameter 'x' is unexpected
            {"execute":"stop","arguments":5} | GenericError | QMP input member 'arguments' must be an object
            {"execute":"human-monitor-command"} | GenericError | Parameter 'command-line' is missing
            {"execute":"human-monitor-command","arguments":{"command-line":5}} | GenericError | Invalid parameter type for 'command-line', expected: string
            {"execute":"human-monitor-command","arguments":{"command-line":"info cpus","cpu-index":9}} | GenericError | Parameter 'cpu-index' expects a CPU number
            {"execute":"send-key","arguments":{"keys":[{"type":"qcode","data":"zz"}]}} | GenericError | Parameter 'data' does not accept value 'zz'
            {"execute":"screendump","arguments":{"filename":"/nonexistent/x"}} | GenericError | failed to open file '/nonexistent/x': No such file or directory
            """)
    void refusesWithQemusWords(String command, String kind, String description) {
        negotiate();

        assertEquals(
                "{\"error\": {\"class\": \"" + kind + "\", \"desc\": \"" + description + "\"}}",
                answer(command));
    }

    @Test
    void whatIsNoJsonIsAnErrorAndTheNextCommandWorks() {
        negotiate();

        assertTrue(answer("{bad json}").contains("\"desc\": \"JSON parse error, "));
        assertTrue(answer("}").contains("JSON parse error"));
        assertTrue(answer("{\"a\":1,\"a\":2}").contains("JSON parse error"));
        assertTrue(answer("nonsense").contains("JSON parse error"));
        assertTrue(answer("\"never ended").contains("JSON parse error"));
        assertEquals(
                "{\"return\": {\"status\": \"running\", \"singlestep\": false, \"running\":"
                        + " true}, \"id\": {\"a\": [1]}}",
                answer("{'execute':'query-status','id':{'a':[1]}}"));
    }

    @Test
    void aValueMayComeInPiecesAndTwoTogether() {
        negotiate();

        send("{\"exec");
        send("ute\"\n:\"query-kvm\"}{\"execute\":\"query-name\",\"id\":\"}{\\\"ä\"}");

        assertEquals(
                List.of(
                        "{\"return\": {\"enabled\": false, \"present\": false}}",
                        "{\"return\": {}, \"id\": \"}{\\\"ä\"}"),
                received());
    }

    @Test
    void anEndlessValueIsGivenUp() {
        negotiate();

        send("[".repeat(100_000));
        assertTrue(answer("x").contains("JSON parse error"));
        assertEquals("{\"return\": {}}", answer("{\"execute\":\"query-name\"}"));
    }

    @Test
    void stoppingIsAnEventAndAState() {
        negotiate();
        client.stopped(); // as the run's host does

        assertEquals(
                List.of(
                        "{\"timestamp\": {\"seconds\": 1800000000, \"microseconds\": 123456},"
                                + " \"event\": \"STOP\"}"),
                received());
        assertEquals("{\"return\": {}}", answer("{\"execute\":\"stop\"}"));
        assertEquals(
                "{\"return\": {\"status\": \"paused\", \"singlestep\": false, \"running\":"
                        + " false}}",
                answer("{\"execute\":\"query-status\"}"));
        assertEquals("{\"return\": {}}", answer("{\"execute\":\"cont\"}"));
    }

    @Test
    void endsHaveTheirReason() {
        negotiate();
        client.reset(true, "guest-reset");
        client.panicked();
        client.shutDown(false, "host-qmp-quit");

        List<String> events = received();
        assertTrue(
                events.get(0)
                        .endsWith(
                                "\"event\": \"RESET\", \"data\": {\"guest\": true, \"reason\": \"guest-reset\"}}"),
                events.get(0));
        assertTrue(events.get(1).contains("\"event\": \"GUEST_PANICKED\""), events.get(1));
        assertTrue(
                events.get(2)
                        .endsWith(
                                "\"event\": \"SHUTDOWN\", \"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}}"),
                events.get(2));
    }

    @Test
    void nobodyHearsOfEventsBeforeTheNegotiation() {
        received();
        client.stopped();

        assertEquals(List.of(), received());
    }

    @Test
    void humanCommandsAreAnsweredAsText() {
        negotiate();

        assertEquals(
                "{\"return\": \"0x46\\r\\n\"}",
                answer(
                        "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"p"
                                + " /x 70\"}}"));
    }

    @Test
    void processorsAndCommandsAreListed() {
        negotiate();

        String processors = answer("{\"execute\":\"query-cpus-fast\"}");
        assertTrue(processors.contains("\"cpu-index\": 1, \"target\": \"x86_64\"}]}"), processors);
        assertTrue(
                answer("{\"execute\":\"query-commands\"}").contains("{\"name\": \"inject-nmi\"}"));
    }

    /** A property sets the number of lines: a million are run before a release. */
    @Test
    void noLineBreaksTheProtocol() {
        negotiate();
        Random random = new Random(11);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "'",
            "\\",
            "\"execute\"",
            "\"query-status\"",
            "\"stop\"",
            "\"cont\"",
            "\"arguments\"",
            "\"id\"",
            "null",
            "true",
            "1e999",
            "-",
            "0",
            "\"human-monitor-command\"",
            "\"command-line\"",
            "\"info registers\"",
            "\u00e9",
            "\"send-key\"",
            "\"keys\"",
            "{\"execute\":\"query-name\"}",
            "{\"execute\":\"nope\"}"
        };
        int lines = Integer.getInteger(FUZZ_PROPERTY, FUZZ_LINES);
        for (int i = 0; i < lines; i++) {
            StringBuilder line = new StringBuilder();
            int count = random.nextInt(12);
            for (int j = 0; j < count; j++) {
                line.append(parts[random.nextInt(parts.length)]);
            }
            send(line.append('\n').toString());
            if (i % 100 == 0) {
                received();
            }
        }
        send("\n\"\n]}\n".repeat(600)); // ends whatever is open
        received();
        assertEquals("{\"return\": {}}", answer("{\"execute\":\"query-name\"}"));
    }
}
