package dev.carafe.tools.cli;

import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.CpuSelection;
import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.DebugExitPort;
import dev.carafe.tools.board.DebuggerPort;
import dev.carafe.tools.board.Debugging;
import dev.carafe.tools.board.Ending;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.LogSelection;
import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.board.Topology;
import dev.carafe.tools.board.Watching;
import dev.carafe.tools.trace.AddressFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@link Configuration} while its options are being read. What depends on the order of options is
 * settled at the end.
 *
 * <p>On the way to every boot: plain loops here, since each lambda and pattern switch costs
 * start-up time.
 */
final class Draft {
    private static final int SERIAL_PORTS = 4; // COM1 to COM4
    private static final int CTRL_A = 1;

    Path firmware;
    Path kernel;
    String commandLine = "";
    List<BootSource.Module> modules = List.of();
    long memoryBytes = MemoryOption.DEFAULT_BYTES;
    Topology topology = SmpOption.DEFAULT;
    CpuSelection cpu = CpuOption.DEFAULT;
    MachineModel machine = MachineModel.PC;
    boolean nographic;
    boolean defaults = true;
    boolean noReboot;
    boolean noShutdown;
    boolean qemuExitCodes;
    boolean testDevice;
    Set<LogItem> logItems = Set.of();
    Path logFile;
    Path screenshot;
    boolean hpet = true;
    StartTime clock = StartTime.UTC;
    int escape = CTRL_A;
    Path pidFile;
    boolean verdicts = true;
    boolean lint = true;
    long limitSeconds;
    long limitInstructions;
    Path reportJson;
    final List<Pattern> expect = new ArrayList<>();
    final List<Pattern> failOn = new ArrayList<>();
    final DriveOptions drives = new DriveOptions();
    int debugconPort = DebugConsole.DEFAULT_PORT;
    Wire debugcon;
    final List<Wire> serials = new ArrayList<>();
    final List<DebugExitPort> debugExits = new ArrayList<>();
    final List<DeviceConsole> deviceConsoles = new ArrayList<>();
    final Map<String, HostPortOption.Named> chardevs = new HashMap<>();
    private final Set<String> usedChardevs = new HashSet<>();
    Long seed;
    DebuggerPort gdb; // null: none
    AddressFilter filter = AddressFilter.ALL;
    Path profile;
    Path timeline;
    final List<MonitorWire> monitorWires = new ArrayList<>();
    private final List<MonitorPort> monitors = new ArrayList<>(); // complete when finished
    boolean startsStopped;
    final List<String> warnings = new ArrayList<>();

    /** The use of a host port, as it was typed. */
    record Wire(String option, String value) {}

    /** A monitor that was ordered. */
    record MonitorWire(MonitorPort.Protocol protocol, Wire wire) {}

    /** An isa-debugcon device. */
    record DeviceConsole(int port, Wire wire) {}

    /** Remembers a warning once. */
    void warn(String sentence) {
        if (!warnings.contains(sentence)) {
            warnings.add(sentence);
        }
    }

    /** Remembers a warning once for all options that have no effect for the same reason. */
    void warnOnce(String whole, String reason) {
        for (String warning : warnings) {
            if (warning.endsWith(": " + reason)) {
                return;
            }
        }
        warnings.add(whole + ": " + reason);
    }

    RunOptions run() {
        return new RunOptions(
                clock,
                escape,
                Optional.ofNullable(pidFile),
                monitors,
                expect,
                failOn,
                new Watching(verdicts, lint, limitSeconds, limitInstructions),
                Optional.ofNullable(reportJson),
                new Recording(filter, Optional.ofNullable(profile), Optional.ofNullable(timeline)));
    }

    Configuration finish() {
        for (MonitorWire each : monitorWires) {
            MonitorOption.add(each.protocol(), each.wire(), resolve(each.wire()), monitors);
        }
        List<HostPort> ports = new ArrayList<>();
        for (Wire wire : serials) {
            ports.add(resolve(wire));
        }
        List<DebugConsole> consoles = new ArrayList<>();
        if (debugcon != null) {
            consoles.add(new DebugConsole(debugconPort, resolve(debugcon)));
        }
        for (DeviceConsole console : deviceConsoles) {
            consoles.add(new DebugConsole(console.port(), resolve(console.wire())));
        }
        if (ports.isEmpty() && defaults) {
            ports.add(defaultSerial(consoles));
        }
        check(ports, consoles);
        List<Path> media = drives.media(kernel != null, firmware, this);
        if (firmware != null && kernel != null) {
            throw new UsageError(
                    "-bios "
                            + firmware
                            + ": Carafe hands no kernel to foreign firmware, leave out -bios or -kernel "
                            + kernel);
        }
        return new Configuration(
                new BootSource(
                        media.isEmpty() ? Optional.ofNullable(firmware) : Optional.empty(),
                        Optional.ofNullable(kernel),
                        commandLine,
                        modules,
                        media),
                memoryBytes,
                topology,
                cpu,
                machine,
                ports,
                consoles,
                debugExits,
                testDevice,
                new Ending(noReboot, noShutdown, qemuExitCodes),
                new LogSelection(logItems, Optional.ofNullable(logFile)),
                Optional.ofNullable(screenshot),
                Optional.ofNullable(seed),
                new Debugging(Optional.ofNullable(gdb), startsStopped),
                hpet);
    }

    /**
     * Without a window the first serial line is what a person sees, unless something else has the
     * terminal already.
     */
    private HostPort defaultSerial(List<DebugConsole> consoles) {
        for (DebugConsole console : consoles) {
            if (console.host() instanceof HostPort.Stdio) {
                return new HostPort.Disconnected();
            }
        }
        if (gdb instanceof DebuggerPort.Stdio || MonitorOption.onStandardStreams(monitors) > 0) {
            return new HostPort.Disconnected();
        }
        return new HostPort.Stdio(nographic);
    }

    private HostPort resolve(Wire wire) {
        if (!wire.value().startsWith(HostPortOption.CHARDEV)) {
            return HostPortOption.parse(wire.option(), wire.value());
        }
        String id = wire.value().substring(HostPortOption.CHARDEV.length());
        HostPortOption.Named named = chardevs.get(id);
        if (named == null) {
            throw UsageError.of(wire.option(), wire.value(), "there is no -chardev with id=" + id);
        }
        if (!usedChardevs.add(id) && !named.shared()) {
            throw UsageError.of(
                    wire.option(), wire.value(), "it is in use, unless its -chardev has mux=on");
        }
        return named.port();
    }

    private void check(List<HostPort> ports, List<DebugConsole> consoles) {
        if (ports.size() > SERIAL_PORTS) {
            throw new UsageError(
                    "-serial: the machine has "
                            + SERIAL_PORTS
                            + " serial ports, "
                            + ports.size()
                            + " were given");
        }
        Set<HostPort> onStandardStreams = Collections.newSetFromMap(new IdentityHashMap<>());
        for (HostPort port : ports) {
            if (port instanceof HostPort.Stdio) {
                onStandardStreams.add(port);
            }
        }
        for (DebugConsole console : consoles) {
            if (console.host() instanceof HostPort.Stdio) {
                onStandardStreams.add(console.host());
            }
        }
        int users = onStandardStreams.size() + (gdb instanceof DebuggerPort.Stdio ? 1 : 0);
        users += MonitorOption.onStandardStreams(monitors);
        if (users > 1) {
            throw new UsageError(
                    "stdio: standard input and output can be wired to one device only");
        }
    }
}
