package dev.carafe.tools.monitor;

import java.util.List;

/**
 * Commands about disks, snapshots and networks, of which the machine has none: they say what QEMU
 * says of such a machine.
 */
final class MediaCommands {
    private static final String NO_SNAPSHOTS = "no block device can store vmstate for snapshot";

    private MediaCommands() {}

    static List<Command> all() {
        return List.of(
                snapshot(
                        "savevm",
                        "save a VM snapshot. If no tag is provided, a new snapshot is created"),
                snapshot("loadvm", "restore a VM snapshot from its tag"),
                snapshot("delvm", "delete a VM snapshot from its tag"),
                Command.of(
                        "eject",
                        "[-f] device",
                        "eject a removable medium (use -f to force it)",
                        MediaCommands::noDevice),
                Command.of(
                        "change",
                        "device [-f] filename [format [read-only-mode]]",
                        "change a removable medium, optional format, use -f to force the operation",
                        MediaCommands::noDevice),
                Command.of(
                        "dump-guest-memory",
                        "[-p] filename [begin length]",
                        "dump guest memory into file 'filename'",
                        MediaCommands::noDump));
    }

    static List<Command> infos() {
        return List.of(
                InfoCommands.info(
                        "block",
                        "[-n] [-v] [device]",
                        "show info of one block device or all block devices (-n: show named nodes;"
                                + " -v: show details)",
                        _ -> ""),
                InfoCommands.info("network", "", "show the network state", _ -> ""),
                InfoCommands.info(
                        "snapshots",
                        "",
                        "show the currently saved VM snapshots",
                        _ -> NO_SNAPSHOTS + "\n"),
                InfoCommands.info(
                        "usernet", "", "show user network stack connection states", _ -> ""));
    }

    private static Command snapshot(String name, String help) {
        return Command.of(
                name,
                "tag",
                help,
                _ -> {
                    throw MonitorError.failed(NO_SNAPSHOTS);
                });
    }

    private static String noDevice(Arguments arguments) throws MonitorError {
        arguments.option('f');
        throw MonitorError.failed("Device '" + arguments.word("block device name") + "' not found");
    }

    private static String noDump(Arguments arguments) throws MonitorError {
        arguments.option('p');
        arguments.word("filename");
        throw MonitorError.failed("Carafe writes no core files: pmemsave writes memory as it is");
    }
}
