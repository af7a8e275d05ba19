package dev.carafe.tools.cli;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuModels;
import dev.carafe.core.cpu.Feature;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.cli.Option.Treatment;
import java.util.Set;

/** What scripts and people ask for: one item in a line, at its beginning. */
final class HelpText {
    static final String VERSION = "0.1.0";

    /** Scripts read the first line; the number is the QEMU whose options are spoken. */
    static final String VERSION_LINES = "QEMU emulator version 7.2.0 (Carafe " + VERSION + ")\n";

    private static final int TEXT_COLUMN = 30;
    private static final int FLAGS_WIDTH = 79;

    private static final Set<String> OWN =
            Set.of(
                    "screenshot",
                    "exit-codes",
                    "qemu-exit-codes",
                    "expect",
                    "fail-on",
                    "report-json",
                    "no-verdict",
                    "no-lint",
                    "limit-seconds",
                    "limit-instructions");

    private HelpText() {}

    static String options() {
        StringBuilder text = new StringBuilder(VERSION_LINES);
        text.append("usage: ").append(Messages.name()).append(" [run] [options] [image]\n");
        text.append(
                "Boots a kernel on an emulated PC; without -kernel, the one that Carafe brings.\n\n");
        for (Option option : OptionTable.OPTIONS) {
            if (option.treatment() == Treatment.CONFIGURES) {
                line(
                        text,
                        (dashes(option) + option.name() + " " + option.argument()).strip(),
                        option.text());
            }
        }
        text.append("\nAccepted, without effect on the guest:\n");
        for (Option option : OptionTable.OPTIONS) {
            if (option.treatment() == Treatment.WARNS || option.treatment() == Treatment.SILENT) {
                line(text, ("-" + option.name() + " " + option.argument()).strip(), option.text());
            }
        }
        text.append(
                "\nOther commands: carafe test, info, doctor, verify, version, completion, help.\n");
        text.append(
                "With mon:stdio or -nographic, Ctrl-A x ends Carafe and Ctrl-A h lists the other keys.\n");
        return text.toString();
    }

    /** Options that QEMU does not have are written with two dashes. */
    static String dashes(Option option) {
        return OWN.contains(option.name()) ? "--" : "-";
    }

    static String devices() {
        StringBuilder text = new StringBuilder("Misc devices:\n");
        text.append("name \"isa-debug-exit\", bus ISA\n");
        text.append("name \"isa-debugcon\", bus ISA\n");
        text.append("name \"pc-testdev\", bus ISA\n");
        return text.toString();
    }

    /** For {@code -device NAME,help}; null where there is no such device. */
    static String deviceProperties(String name) {
        return switch (name) {
            case DeviceOption.DEBUG_EXIT ->
                    "isa-debug-exit options:\n  iobase=<uint32>        -  (default: 1281)\n"
                            + "  iosize=<uint32>        -  (default: 2)\n";
            case DeviceOption.DEBUG_CONSOLE ->
                    "isa-debugcon options:\n  chardev=<str>          - ID of a chardev to use as a backend\n"
                            + "  iobase=<uint32>        -  (default: 233)\n";
            case DeviceOption.TEST_DEVICE -> "There are no options for pc-testdev.\n";
            default -> null;
        };
    }

    static String backends() {
        StringBuilder text = new StringBuilder("Available chardev backend types:\n");
        HostPortOption.BACKENDS.forEach(name -> text.append("  ").append(name).append('\n'));
        return text.toString();
    }

    static String displays() {
        return "Available display backend types:\nnone\n";
    }

    /** For an option that works on nothing here: there is nothing to choose from. */
    static String withoutEffect(Option option) {
        return switch (option.name()) {
            case "accel" -> accelerators();
            case "vga" -> "none                 no graphic card (default)\n";
            default -> "Nothing to choose from: " + option.text() + ".\n";
        };
    }

    static String machines() {
        StringBuilder text = new StringBuilder("Supported machines are:\n");
        for (MachineModel machine : MachineModel.values()) {
            String mark = machine == MachineModel.PC ? " (default)" : "";
            line(text, machine.option(), machine.description() + mark);
        }
        return text.toString();
    }

    static String processors() {
        StringBuilder text = new StringBuilder("Available CPUs:\n");
        for (CpuModels.Row model : CpuModels.all()) {
            boolean best = model.name().equals(CpuOption.BEST);
            line(
                    text,
                    "x86 " + model.name(),
                    best ? "every feature that Carafe has (default)" : model.modelId());
        }
        line(text, "x86 host", "as max");
        text.append("\nRecognized CPUID flags:\n");
        StringBuilder flags = new StringBuilder(" ");
        for (String flag : CpuModel.implemented().stream().map(Feature::text).sorted().toList()) {
            if (flags.length() + flag.length() >= FLAGS_WIDTH) {
                text.append(flags).append('\n');
                flags.setLength(1);
            }
            flags.append(' ').append(flag);
        }
        text.append(flags).append('\n');
        return text.toString();
    }

    static String accelerators() {
        return "Accelerators supported in QEMU binary:\ntcg\n";
    }

    static String logItems() {
        StringBuilder text = new StringBuilder("Log items (comma separated):\n");
        for (LogItem item : LogItem.values()) {
            line(text, item.option(), item.description());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String meaning) {
        text.append(name);
        text.repeat(' ', Math.max(1, TEXT_COLUMN - name.length()));
        text.append(meaning).append('\n');
    }
}
