package dev.carafe.tools.cli;

import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.trace.AddressFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the machine's options in QEMU's grammar: an option is a word with one or two dashes, its
 * value the next word.
 *
 * <p>Written by hand and not with picocli, whose grammar is another one and whose start costs more
 * than a boot may.
 */
final class OptionParser {
    private static final String DEBUGCON_IOBASE = "isa-debugcon.iobase=";

    private final Draft draft = new Draft();
    private final boolean kernelAsWord;
    private String answer; // what is to be printed instead of booting; null: nothing

    private OptionParser(boolean kernelAsWord) {
        this.kernelAsWord = kernelAsWord;
    }

    /**
     * Reads QEMU's command line.
     *
     * @throws UsageError when it cannot be obeyed
     */
    static Request parse(List<String> arguments) {
        return new OptionParser(false).read(arguments);
    }

    /**
     * Reads what follows {@code run}: the same options, and the kernel's file may stand among them
     * without -kernel.
     *
     * @throws UsageError when it cannot be obeyed
     */
    static Request parseRun(List<String> arguments) {
        return new OptionParser(true).read(arguments);
    }

    private Request read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String spelled = arguments.get(i);
            if (!spelled.startsWith("-")) {
                word(spelled);
                continue;
            }
            Option option = OptionTable.find(spelled.substring(spelled.startsWith("--") ? 2 : 1));
            if (option == null) {
                throw new UsageError(spelled + ": invalid option");
            }
            String value = "";
            if (option.takesArgument()) {
                if (++i == arguments.size()) {
                    throw new UsageError(spelled + ": requires an argument");
                }
                value = arguments.get(i);
            }
            take(option, spelled, value);
            if (answer != null) {
                return new Request.Print(answer);
            }
        }
        Configuration configuration = draft.finish();
        return new Request.Boot(configuration, draft.run(), List.copyOf(draft.warnings));
    }

    private void word(String word) {
        if (!kernelAsWord) {
            draft.drives.file(word, word, word);
            return;
        }
        if (draft.kernel != null) {
            throw new UsageError(word + ": the kernel is already " + draft.kernel);
        }
        draft.kernel = file("run", word);
    }

    private void take(Option option, String spelled, String value) {
        String whole = value.isEmpty() ? spelled : spelled + " " + value;
        switch (option.treatment()) {
            case CONFIGURES -> {
                if (isQuestion(value) || value.endsWith(",help") || value.endsWith(",?")) {
                    answer = answer(option.name(), value);
                }
                if (answer == null) {
                    configure(option.name(), spelled, value);
                }
            }
            case SILENT -> {}
            case WARNS -> {
                if (isQuestion(value)) {
                    answer = HelpText.withoutEffect(option);
                } else if (option.text().equals(OptionTable.NO_EFFECT)) {
                    draft.warn(whole + ": " + option.text());
                } else if (!changesNothing(option.name(), value)) {
                    draft.warnOnce(whole, option.text());
                }
            }
            case REFUSED -> throw new UsageError(whole + ": " + option.text());
        }
    }

    private static boolean isQuestion(String value) {
        return value.equals("help") || value.equals("?");
    }

    private static String answer(String option, String value) {
        if (!isQuestion(value)) {
            String name = Properties.parse(value).getFirst().key();
            return option.equals("device") ? HelpText.deviceProperties(name) : null;
        }
        return switch (option) {
            case "device" -> HelpText.devices();
            case "chardev" -> HelpText.backends();
            case "display" -> HelpText.displays();
            case "machine", "M" -> HelpText.machines();
            case "cpu" -> HelpText.processors();
            case "d" -> HelpText.logItems();
            default -> null;
        };
    }

    /** Whether a value of an option without effect asks for what is the case anyway. */
    private static boolean changesNothing(String option, String value) {
        return switch (value) {
            case "none", "null", "/dev/null" -> true;
            case "tcg", "tcg,thread=multi" -> option.equals("accel");
            default -> false;
        };
    }

    private void configure(String name, String spelled, String value) {
        switch (name) {
            case "h", "help" -> answer = HelpText.options();
            case "version" -> answer = HelpText.VERSION_LINES;
            case "machine", "M" -> MachineOption.parse(spelled, value, draft);
            case "cpu" -> cpu(spelled, value);
            case "seed" -> draft.seed = Numbers.seed(spelled, value);
            case "smp" -> draft.topology = SmpOption.parse(spelled, value);
            case "m" -> draft.memoryBytes = MemoryOption.parse(spelled, value);
            case "bios" -> draft.firmware = file(spelled, value);
            case "kernel" -> draft.kernel = file(spelled, value);
            case "append" -> draft.commandLine = value;
            case "initrd" -> draft.modules = modules(spelled, value);
            case "monitor" -> monitor(MonitorPort.Protocol.HUMAN, spelled, value);
            case "qmp", "qmp-pretty" -> monitor(MonitorPort.Protocol.QMP, spelled, value);
            case "mon" -> {
                MonitorOption.Named named = MonitorOption.parseMon(spelled, value);
                monitor(named.protocol(), spelled, HostPortOption.CHARDEV + named.chardev());
            }
            case "serial" -> draft.serials.add(new Draft.Wire(spelled, value));
            case "debugcon" -> draft.debugcon = new Draft.Wire(spelled, value);
            case "chardev" -> chardev(spelled, value);
            case "device" -> device(spelled, value);
            case "global" -> global(spelled, value);
            case "display" -> display(spelled, value);
            case "nographic" -> draft.nographic = true;
            case "nodefaults" -> draft.defaults = false;
            case "no-hpet" -> draft.hpet = false;
            case "cdrom", "hda", "hdb", "hdc", "hdd", "fda", "fdb" ->
                    draft.drives.file(spelled, spelled + " " + value, value);
            case "drive" -> draft.drives.drive(spelled, value);
            case "pflash" -> draft.drives.flash(spelled + " " + value);
            case "boot" -> BootOption.check(spelled, value);
            case "rtc" -> draft.clock = StartTime.parse(spelled, value);
            case "localtime" -> draft.clock = StartTime.LOCAL;
            case "echr" -> draft.escape = Numbers.register(spelled, value, value, 0, 0xFF);
            case "pidfile" -> draft.pidFile = file(spelled, value);
            case "expect" -> draft.expect.add(PatternOption.parse(spelled, value));
            case "no-verdict" -> draft.verdicts = false;
            case "no-lint" -> draft.lint = false;
            case "limit-seconds" -> draft.limitSeconds = Numbers.limit(spelled, value);
            case "limit-instructions" -> draft.limitInstructions = Numbers.limit(spelled, value);
            case "report-json" -> draft.reportJson = file(spelled, value);
            case "fail-on" -> draft.failOn.add(PatternOption.parse(spelled, value));
            case "qemu-exit-codes" -> draft.qemuExitCodes = true;
            case "uuid" -> uuid(spelled, value);
            case "no-reboot" -> draft.noReboot = true;
            case "no-shutdown" -> draft.noShutdown = true;
            case "action" -> action(spelled, value);
            case "profile" -> draft.profile = file(spelled, value);
            case "timeline" -> draft.timeline = file(spelled, value);
            case "dfilter" -> dfilter(spelled, value);
            case "d" -> draft.logItems = LogOption.parse(spelled, value, draft::warn);
            case "D" -> draft.logFile = file(spelled, value);
            case "screenshot" -> draft.screenshot = file(spelled, value);
            case "exit-codes" -> exitCodes(spelled, value);
            case "s" -> draft.gdb = GdbOption.DEFAULT;
            case "gdb" -> draft.gdb = GdbOption.parse(spelled, value);
            case "S" -> draft.startsStopped = true;
            default ->
                    throw new AssertionError(
                            "option " + name + " is in the table and not in the parser");
        }
    }

    private void cpu(String option, String value) {
        draft.cpu = CpuOption.parse(option, value);
        if (draft.cpu.model().equals("host")) {
            draft.warnOnce(option + " " + value, OptionTable.INTERPRETED);
        } else if (CpuOption.isApproximated(draft.cpu)) {
            draft.warn(
                    option
                            + " "
                            + value
                            + ": Carafe does not model this processor, this is -cpu "
                            + CpuOption.BEST);
        }
    }

    private void dfilter(String option, String value) {
        try {
            draft.filter = AddressFilter.parse(value);
        } catch (IllegalArgumentException e) {
            throw UsageError.of(option, value, e.getMessage());
        }
    }

    private void monitor(MonitorPort.Protocol protocol, String option, String value) {
        draft.monitorWires.add(new Draft.MonitorWire(protocol, new Draft.Wire(option, value)));
    }

    private void chardev(String option, String value) {
        HostPortOption.Named named = HostPortOption.parseChardev(option, value);
        if (draft.chardevs.putIfAbsent(named.id(), named) != null) {
            throw UsageError.of(option, value, "id=" + named.id() + " is given twice");
        }
    }

    private void device(String option, String value) {
        DeviceOption device = new DeviceOption(option, value);
        switch (device.name()) {
            case DeviceOption.DEBUG_EXIT -> draft.debugExits.add(device.debugExit());
            case DeviceOption.TEST_DEVICE -> {
                device.requireNoProperties();
                draft.testDevice = true;
            }
            case DeviceOption.DEBUG_CONSOLE -> {
                Draft.Wire wire = new Draft.Wire(option, HostPortOption.CHARDEV + device.chardev());
                draft.deviceConsoles.add(new Draft.DeviceConsole(device.debugConsolePort(), wire));
            }
            default -> {
                if (device.isDisk()) {
                    draft.drives.device(option + " " + value);
                } else {
                    draft.warn(device.absence());
                }
            }
        }
    }

    private void global(String option, String value) {
        if (value.startsWith(DEBUGCON_IOBASE)) {
            draft.debugconPort =
                    Numbers.register(
                            option, value, value.substring(DEBUGCON_IOBASE.length()), 0, 0xFFFF);
        } else {
            draft.warn(option + " " + value + ": it has no effect here");
        }
    }

    private void display(String option, String value) {
        if (!value.equals("none")) {
            draft.warn(
                    option
                            + " "
                            + value
                            + ": Carafe has no window, --screenshot FILE.png keeps the last picture");
        }
    }

    private void action(String option, String value) {
        for (Properties.Property property : Properties.parse(value)) {
            String wanted = property.key() + "=" + property.value();
            switch (wanted) {
                case "reboot=shutdown" -> draft.noReboot = true;
                case "reboot=reset" -> draft.noReboot = false;
                case "shutdown=pause" -> draft.noShutdown = true;
                case "shutdown=poweroff" -> draft.noShutdown = false;
                default -> {
                    if (!property.key().equals("panic") && !property.key().equals("watchdog")) {
                        throw UsageError.of(
                                option, value, "'" + wanted + "' is no event and its action");
                    }
                    draft.warn(option + " " + value + ": " + OptionTable.NO_EFFECT);
                }
            }
        }
    }

    private void uuid(String option, String value) {
        if (!value.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw UsageError.of(option, value, "it is not 8-4-4-4-12 hexadecimal digits");
        }
        draft.warn(option + " " + value + ": " + OptionTable.NO_EFFECT);
    }

    private void exitCodes(String option, String value) {
        switch (value) {
            case "qemu" -> draft.qemuExitCodes = true;
            case "carafe" -> draft.qemuExitCodes = false;
            default -> throw UsageError.of(option, value, "it is qemu or carafe");
        }
    }

    private static Path file(String option, String value) {
        if (value.isEmpty()) {
            throw new UsageError(option + ": the file name is empty");
        }
        return HostPortOption.path(option, value, value);
    }

    /**
     * Comma-separated files, each with a command line behind its first space, unless a file has
     * that very name.
     */
    private static List<BootSource.Module> modules(String option, String value) {
        List<BootSource.Module> modules = new ArrayList<>();
        for (String part : Properties.split(value)) {
            int space = part.indexOf(' ');
            if (space < 0 || Files.exists(file(option, part))) {
                modules.add(new BootSource.Module(file(option, part), ""));
            } else {
                modules.add(
                        new BootSource.Module(
                                file(option, part.substring(0, space)), part.substring(space + 1)));
            }
        }
        return modules;
    }
}
