package dev.carafe.tools.monitor;

import dev.carafe.tools.monitor.MachineHost.NoMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * QEMU's human monitor: a line in, text out. Formats are those of QEMU 7.2, where a command exists
 * there; {@code docs/monitor.md} lists what is added and what is missing.
 *
 * <p>Each connection has its own; thread-safe, but the person's choices are shared by whoever
 * shares it.
 */
public final class HumanMonitor {
    private static final int LONGEST_LINE = 4096;

    private final Map<String, Command> commands = new LinkedHashMap<>(); // by every name
    private final Map<String, Command> infos = new LinkedHashMap<>();
    private final List<Command> listed = new ArrayList<>();
    private final History history = new History(); // guarded by this
    private final Session session; // guarded by this

    /** For a run, and its log. */
    public HumanMonitor(MachineHost host, LogControl log) {
        session = new Session(host, log);
        new InfoCommands(session, history).all().forEach(info -> infos.put(info.shown(), info));
        MediaCommands.infos().forEach(info -> infos.put(info.shown(), info));
        new MachineCommands(session).all().forEach(this::add);
        MediaCommands.all().forEach(this::add);
        new MemoryCommands(session).all().forEach(this::add);
        own().forEach(this::add);
        listed.sort(Comparator.comparing(Command::shown));
    }

    private List<Command> own() {
        return List.of(
                Command.of(
                        "help|?",
                        "[cmd]",
                        "show the help",
                        arguments -> help(arguments.rest(String::strip))),
                Command.of(
                        "info",
                        "[subcommand]",
                        "show various information about the system state",
                        arguments -> info(arguments.rest(String::strip))),
                Command.of(
                        "log", "item1[,...]", "activate logging of the specified items", this::log),
                Command.of(
                        "logfile",
                        "filename",
                        "output logs to 'filename'",
                        arguments -> {
                            String file = arguments.word("filename");
                            arguments.end("logfile");
                            String problem = session.log().file(file);
                            return problem.isEmpty() ? "" : problem + "\n";
                        }));
    }

    private void add(Command command) {
        listed.add(command);
        command.names().forEach(name -> commands.put(name, command));
    }

    /** Does what a line says; what is to be printed: whole lines, or nothing. */
    public synchronized String execute(String line) {
        if (line.length() > LONGEST_LINE) {
            return "the line is longer than " + LONGEST_LINE + " characters\n";
        }
        history.add(line);
        String text = line.strip();
        int end = nameEnd(text);
        String name = text.substring(0, end);
        if (text.isEmpty() || text.startsWith("#")) {
            return "";
        }
        Command command = commands.get(name);
        if (command == null) {
            return "unknown command: '" + name(text) + "'\n";
        }
        return run(command, name, text.substring(end));
    }

    /** {@link #execute}, with another processor chosen for this line only. */
    public synchronized String execute(String line, int cpu) {
        int before = session.cpu();
        session.setCpu(cpu);
        try {
            return execute(line);
        } finally {
            session.setCpu(before);
        }
    }

    /** How many processors there are. */
    public synchronized int processors() {
        return session.parts(parts -> parts.machine().vcpus().size());
    }

    /** A name ends before a blank or the slash of a format. */
    private static int nameEnd(String text) {
        int end = 0;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && text.charAt(end) != '/') {
            end++;
        }
        return end;
    }

    private static String name(String text) {
        return text.split("\\s", 2)[0];
    }

    private String run(Command command, String name, String rest) {
        Arguments arguments = new Arguments(name, rest, session::register);
        try {
            if (command.parameters().isEmpty()) {
                arguments.end(command.shown());
            }
            return command.action().run(arguments);
        } catch (MonitorError e) {
            return e.isUsage() ? e.text() + tryHelp(name) : e.text();
        } catch (NoMachine e) {
            return "Error: " + e.getMessage() + "\n";
        }
    }

    private static String tryHelp(String name) {
        return "Try \"help " + name + "\" for more information\n";
    }

    private String log(Arguments arguments) throws MonitorError {
        String items = arguments.word("string");
        arguments.end("log");
        return session.log().select(items).isEmpty() ? "" : session.log().items();
    }

    private String info(String text) throws MonitorError {
        if (text.isEmpty()) {
            return infoList();
        }
        String name = name(text);
        Command command = infos.get(name);
        if (command == null) {
            return "unknown command: 'info " + name + "'\n";
        }
        Arguments arguments = new Arguments(name, text.substring(name.length()), session::register);
        try {
            return command.action().run(arguments);
        } catch (MonitorError e) {
            return e.isUsage() ? e.text() + tryHelp("info " + name) : e.text();
        }
    }

    private String infoList() {
        StringBuilder out = new StringBuilder();
        infos.values().forEach(info -> out.append(info.helpLine("info ")));
        return out.toString();
    }

    private String help(String text) {
        String name = name(text);
        if (name.equals("info")) {
            String of = text.substring(name.length()).strip();
            Command info = infos.get(of);
            return of.isEmpty()
                    ? infoList()
                    : info == null
                            ? "unknown command: 'info " + of + "'\n"
                            : info.helpLine("info ");
        }
        if (!name.isEmpty()) {
            Command command = commands.get(name);
            return command == null ? "unknown command: '" + name + "'\n" : command.helpLine("");
        }
        StringBuilder out = new StringBuilder();
        listed.forEach(command -> out.append(command.helpLine("")));
        return out.toString();
    }

    /** What a line may be completed to: commands, or what {@code info} and {@code help} take. */
    public List<String> completions(String line) {
        String[] words = line.stripLeading().split("\\s+", -1);
        String last = words[words.length - 1];
        if (words.length == 1) {
            return starting(commands.keySet().stream().sorted().toList(), last);
        }
        boolean ofInfo = words[0].equals("info") && words.length == 2;
        boolean ofHelp = words[0].equals("help") && words.length == 2;
        if (ofInfo || words.length == 3 && line.stripLeading().startsWith("help info ")) {
            return starting(List.copyOf(infos.keySet()), last);
        }
        return ofHelp ? starting(commands.keySet().stream().sorted().toList(), last) : List.of();
    }

    private static List<String> starting(List<String> all, String start) {
        return all.stream().filter(word -> word.startsWith(start)).toList();
    }

    // ---- for QMP, which shares what commands do

    MachineCommands machine() {
        return new MachineCommands(session);
    }
}
