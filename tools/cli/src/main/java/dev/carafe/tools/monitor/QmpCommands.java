package dev.carafe.tools.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carafe.firmware.CpuDescription;
import dev.carafe.tools.board.PcParts;
import dev.carafe.tools.monitor.MachineHost.NoMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The commands of QMP that there are. One for each client. */
final class QmpCommands {
    private static final long HOLD_MILLISECONDS = 100;

    private final MachineHost host;
    private final HumanMonitor monitor;
    private final Map<String, Entry> commands = new TreeMap<>();

    /** What a command does with its arguments. */
    @FunctionalInterface
    interface Action {
        JsonNode run(JsonNode arguments) throws QmpError, MonitorError;
    }

    /** A command and the arguments that it knows. */
    private record Entry(Set<String> arguments, Action action) {}

    QmpCommands(MachineHost host, HumanMonitor monitor) {
        this.host = host;
        this.monitor = monitor;
        add("query-status", _ -> status());
        add("query-version", _ -> version());
        add("query-commands", _ -> names());
        add("query-cpus-fast", _ -> cpus());
        add("query-name", _ -> Json.object());
        add("query-uuid", _ -> Json.object().put("UUID", "00000000-0000-0000-0000-000000000000"));
        add("query-kvm", _ -> Json.object().put("enabled", false).put("present", false));
        add("stop", _ -> done(monitor.machine().stop()));
        add("cont", _ -> done(monitor.machine().resume()));
        add("quit", _ -> done(host::quit));
        add("system_reset", _ -> done(host::reset));
        add("system_powerdown", _ -> done(host::pressPowerButton));
        add("inject-nmi", _ -> host.with(board -> done(monitor.machine().nmi(board.parts()))));
        add("human-monitor-command", this::human, "command-line", "cpu-index");
        add("screendump", this::screenDump, "filename", "format", "device", "head");
        add("send-key", this::sendKey, "keys", "hold-time");
    }

    private void add(String name, Action action, String... arguments) {
        commands.put(name, new Entry(Set.of(arguments), action));
    }

    JsonNode run(String name, JsonNode arguments) throws QmpError {
        Entry entry = commands.get(name);
        if (entry == null) {
            throw QmpError.commandNotFound("The command " + name + " has not been found");
        }
        for (Map.Entry<String, JsonNode> each : arguments.properties()) {
            if (!entry.arguments().contains(each.getKey())) {
                throw QmpError.generic("Parameter '" + each.getKey() + "' is unexpected");
            }
        }
        try {
            return entry.action().run(arguments);
        } catch (MonitorError | NoMachine e) {
            throw QmpError.generic(e.getMessage());
        }
    }

    private static JsonNode done(Runnable work) {
        work.run();
        return Json.object();
    }

    private static JsonNode done(String nothing) {
        if (!nothing.isEmpty()) {
            throw new AssertionError("QMP commands print nothing: " + nothing);
        }
        return Json.object();
    }

    private JsonNode status() {
        RunStatus status = host.status();
        return Json.object()
                .put("status", status.word())
                .put("singlestep", false)
                .put("running", status == RunStatus.RUNNING);
    }

    static ObjectNode version() {
        String[] numbers = InfoCommands.VERSION.split("\\.");
        ObjectNode version = Json.object();
        version.putObject("qemu")
                .put("micro", Integer.parseInt(numbers[2]))
                .put("minor", Integer.parseInt(numbers[1]))
                .put("major", Integer.parseInt(numbers[0]));
        return version.put("package", "Carafe");
    }

    private JsonNode names() {
        ArrayNode list = Json.NODES.arrayNode();
        list.addObject().put("name", "qmp_capabilities");
        commands.keySet().forEach(name -> list.addObject().put("name", name));
        return list;
    }

    private JsonNode cpus() {
        ThreadIds threads = ThreadIds.read();
        return host.with(board -> cpus(board.parts(), threads));
    }

    private static JsonNode cpus(PcParts parts, ThreadIds threads) {
        ArrayNode list = Json.NODES.arrayNode();
        for (CpuDescription cpu : parts.description().cpus()) {
            ObjectNode each = list.addObject();
            each.put("thread-id", threads.of(cpu.index()));
            each.putObject("props").put("apic-id", cpu.apicId());
            each.put("qom-path", "/machine/unattached/cpu[" + cpu.index() + "]");
            each.put("cpu-index", cpu.index());
            each.put("target", "x86_64");
        }
        return list;
    }

    private JsonNode human(JsonNode arguments) throws QmpError {
        String line = text(arguments, "command-line");
        JsonNode cpu = arguments.get("cpu-index");
        if (cpu == null) {
            return Json.NODES.textNode(carriageReturns(monitor.execute(line)));
        }
        if (!cpu.isInt() || cpu.intValue() < 0 || cpu.intValue() >= monitor.processors()) {
            throw QmpError.generic("Parameter 'cpu-index' expects a CPU number");
        }
        return Json.NODES.textNode(carriageReturns(monitor.execute(line, cpu.intValue())));
    }

    static String carriageReturns(String text) {
        return text.replace("\n", "\r\n");
    }

    private JsonNode screenDump(JsonNode arguments) throws QmpError, MonitorError {
        String file = text(arguments, "filename");
        String format = arguments.has("format") ? text(arguments, "format") : "ppm";
        monitor.machine().screenDump(file, format);
        return Json.object();
    }

    private JsonNode sendKey(JsonNode arguments) throws QmpError, MonitorError {
        JsonNode keys = arguments.get("keys");
        if (keys == null || !keys.isArray()) {
            throw wrong("keys", keys, "array");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode key : keys) {
            names.add(key(key));
        }
        JsonNode hold = arguments.get("hold-time");
        if (hold != null && !hold.isIntegralNumber()) {
            throw wrong("hold-time", hold, "integer");
        }
        monitor.machine().sendKeys(names, hold == null ? HOLD_MILLISECONDS : hold.longValue());
        return Json.object();
    }

    private static String key(JsonNode key) throws QmpError {
        JsonNode data = key.get("data");
        String name = data == null ? null : data.asText();
        if (data != null && "number".equals(key.path("type").asText())) {
            name = Keys.numbered(data.intValue());
        }
        if (name == null) {
            throw QmpError.generic("Parameter 'data' is missing");
        }
        if (!Keys.exists(name)) {
            throw QmpError.generic("Parameter 'data' does not accept value '" + name + "'");
        }
        return name;
    }

    private static String text(JsonNode arguments, String name) throws QmpError {
        JsonNode value = arguments.get(name);
        if (value == null || !value.isTextual()) {
            throw wrong(name, value, "string");
        }
        return value.textValue();
    }

    private static QmpError wrong(String name, JsonNode value, String expected) {
        return QmpError.generic(
                value == null
                        ? "Parameter '" + name + "' is missing"
                        : "Invalid parameter type for '" + name + "', expected: " + expected);
    }
}
