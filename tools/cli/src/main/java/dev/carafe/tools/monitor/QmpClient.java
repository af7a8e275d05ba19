package dev.carafe.tools.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * One client of the machine protocol (QEMU's "QMP Specification"): greeting, negotiation, commands
 * and events.
 *
 * <p>Not modelled: out-of-band commands.
 */
final class QmpClient implements MonitorClient, HostListener {
    private static final int NANOS_PER_MICROSECOND = 1000;

    private final MachineHost host;
    private final InstantSource clock;
    private final ClientOutput output;
    private final QmpCommands commands;
    private final JsonSplitter splitter = new JsonSplitter();
    private volatile boolean negotiated; // events come from any thread

    QmpClient(MachineHost host, LogControl log, InstantSource clock, ClientOutput output) {
        this.host = host;
        this.clock = clock;
        this.output = output;
        commands = new QmpCommands(host, new HumanMonitor(host, log));
    }

    @Override
    public void opened() {
        ObjectNode greeting = Json.object();
        ObjectNode qmp = greeting.putObject("QMP");
        qmp.set("version", QmpCommands.version());
        qmp.putArray("capabilities");
        send(greeting);
        host.listen(this);
    }

    @Override
    public void closed() {
        host.unlisten(this);
    }

    @Override
    public void take(byte[] bytes, int length) {
        String piece = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        for (String value : splitter.take(piece)) {
            // Cut as bytes, so that a character never lies in two pieces.
            answer(new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
    }

    private void answer(String text) {
        ObjectNode answer = Json.object();
        JsonNode id = null;
        try {
            JsonNode command = parse(text);
            id = command.get("id");
            answer.set("return", run(command));
        } catch (QmpError e) {
            answer.putObject("error").put("class", e.kind()).put("desc", e.getMessage());
        }
        if (id != null) {
            answer.set("id", id);
        }
        send(answer);
    }

    private static JsonNode parse(String text) throws QmpError {
        JsonNode value;
        try {
            value = Json.parse(text);
        } catch (JsonProcessingException e) {
            throw QmpError.generic("JSON parse error, " + e.getOriginalMessage());
        }
        if (!value.isObject()) {
            throw QmpError.generic("QMP input must be a JSON object");
        }
        return value;
    }

    private JsonNode run(JsonNode command) throws QmpError {
        for (Map.Entry<String, JsonNode> member : command.properties()) {
            String name = member.getKey();
            if (!name.equals("execute") && !name.equals("arguments") && !name.equals("id")) {
                throw QmpError.generic("QMP input member '" + name + "' is unexpected");
            }
        }
        JsonNode name = command.get("execute");
        if (name == null) {
            throw QmpError.generic("QMP input lacks member 'execute'");
        }
        if (!name.isTextual()) {
            throw QmpError.generic("QMP input member 'execute' must be a string");
        }
        JsonNode arguments = command.path("arguments");
        if (!arguments.isMissingNode() && !arguments.isObject()) {
            throw QmpError.generic("QMP input member 'arguments' must be an object");
        }
        return run(name.textValue(), arguments);
    }

    private JsonNode run(String name, JsonNode arguments) throws QmpError {
        boolean negotiates = name.equals("qmp_capabilities");
        if (negotiated && negotiates) {
            throw QmpError.commandNotFound(
                    "Capabilities negotiation is already complete, command ignored");
        }
        if (!negotiated && !negotiates) {
            throw QmpError.commandNotFound(
                    "Expecting capabilities negotiation with 'qmp_capabilities'");
        }
        if (negotiates) {
            negotiated = true;
            return Json.object();
        }
        return commands.run(name, arguments);
    }

    private void send(JsonNode value) {
        output.send(Json.line(value) + "\r\n");
    }

    // ---- events

    private void event(String name, ObjectNode data) {
        if (!negotiated) {
            return;
        }
        Instant now = clock.instant();
        ObjectNode event = Json.object();
        event.putObject("timestamp")
                .put("seconds", now.getEpochSecond())
                .put("microseconds", now.getNano() / NANOS_PER_MICROSECOND);
        event.put("event", name);
        if (data != null) {
            event.set("data", data);
        }
        send(event);
    }

    private static ObjectNode reason(boolean guest, String reason) {
        return Json.object().put("guest", guest).put("reason", reason);
    }

    @Override
    public void stopped() {
        event("STOP", null);
    }

    @Override
    public void resumed() {
        event("RESUME", null);
    }

    @Override
    public void reset(boolean guest, String why) {
        event("RESET", reason(guest, why));
    }

    @Override
    public void shutDown(boolean guest, String why) {
        event("SHUTDOWN", reason(guest, why));
    }

    @Override
    public void panicked() {
        event("GUEST_PANICKED", Json.object().put("action", "poweroff"));
    }

    @Override
    public void powerDown() {
        event("POWERDOWN", null);
    }
}
