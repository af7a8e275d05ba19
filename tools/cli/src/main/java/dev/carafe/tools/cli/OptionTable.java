package dev.carafe.tools.cli;

import static dev.carafe.tools.cli.Option.Treatment.CONFIGURES;
import static dev.carafe.tools.cli.Option.Treatment.REFUSED;
import static dev.carafe.tools.cli.Option.Treatment.SILENT;
import static dev.carafe.tools.cli.Option.Treatment.WARNS;

import java.util.List;

/**
 * Every option that Carafe knows, in QEMU's spelling. One or two dashes are the same.
 *
 * <p>An option whose absence would change what the guest sees is refused; one that a kernel cannot
 * notice is accepted.
 */
final class OptionTable {
    private static final String NO_DISKS = "Carafe has no disks yet, boot a kernel with -kernel";
    private static final String NO_DISPLAY =
            "Carafe has no window, --screenshot FILE.png keeps the last picture";
    private static final String NO_NETWORK =
            "Carafe has no network yet, the machine goes without it";
    private static final String INTERPRETED =
            "Carafe interprets every instruction, there is no acceleration";
    private static final String NO_MONITOR = "Carafe has no monitor yet";
    private static final String NO_FIRMWARE =
            "Carafe has no flash memory that a guest may write to";
    private static final String NO_EFFECT = "it has no effect here";

    /** In the order of the help text. */
    static final List<Option> OPTIONS =
            List.of(
                    new Option("h", "", CONFIGURES, "print this list (also -help)"),
                    new Option("help", "", CONFIGURES, "print this list"),
                    new Option("version", "", CONFIGURES, "print the version"),
                    new Option(
                            "machine",
                            "[type=]NAME[,prop=value...]",
                            CONFIGURES,
                            "kind of PC, -machine help lists them"),
                    new Option("M", "NAME", CONFIGURES, "the same"),
                    new Option(
                            "cpu",
                            "NAME[,+FEATURE][,-FEATURE]",
                            CONFIGURES,
                            "processor, -cpu help lists them"),
                    new Option(
                            "smp",
                            "[cpus=]N[,maxcpus=N][,sockets=N][,cores=N][,threads=N]",
                            CONFIGURES,
                            "processors, 1 to 255, and how they share packages and cores"),
                    new Option(
                            "seed",
                            "N",
                            CONFIGURES,
                            "random numbers are made from N, and are the same in every run"),
                    new Option(
                            "m",
                            "[size=]N[K|M|G|T]",
                            CONFIGURES,
                            "memory, in MiB without a suffix"),
                    new Option(
                            "kernel",
                            "FILE",
                            CONFIGURES,
                            "kernel: Limine, Multiboot or Linux; else the embedded one"),
                    new Option("append", "TEXT", CONFIGURES, "the kernel's command line"),
                    new Option(
                            "initrd",
                            "FILE[ TEXT][,FILE...]",
                            CONFIGURES,
                            "modules for the kernel"),
                    new Option(
                            "serial",
                            "DEV",
                            CONFIGURES,
                            "COM1, then COM2...: stdio, mon:stdio, file:FILE, null, none"),
                    new Option(
                            "debugcon",
                            "DEV",
                            CONFIGURES,
                            "bytes written to port 0xe9 go to DEV, as for -serial"),
                    new Option(
                            "chardev",
                            "BACKEND,id=ID[,path=FILE][,mux=on]",
                            CONFIGURES,
                            "a DEV for chardev:ID"),
                    new Option(
                            "device",
                            "NAME[,prop=value...]",
                            CONFIGURES,
                            "add a device, -device help lists them"),
                    new Option(
                            "global",
                            "DRIVER.PROPERTY=VALUE",
                            CONFIGURES,
                            "isa-debugcon.iobase is known"),
                    new Option("display", "none", CONFIGURES, "there is no window"),
                    new Option(
                            "nographic",
                            "",
                            CONFIGURES,
                            "serial line and Ctrl-A commands on the terminal"),
                    new Option(
                            "nodefaults", "", CONFIGURES, "no serial line unless -serial is given"),
                    new Option("no-reboot", "", CONFIGURES, "a reset of the guest ends the run"),
                    new Option(
                            "no-shutdown",
                            "",
                            CONFIGURES,
                            "a power-off stops the machine and keeps the process"),
                    new Option(
                            "action",
                            "EVENT=ACTION",
                            CONFIGURES,
                            "reboot=shutdown|reset or shutdown=pause|poweroff"),
                    new Option("d", "ITEM,...", CONFIGURES, "log these, -d help lists them"),
                    new Option("D", "FILE", CONFIGURES, "log to FILE instead of standard error"),
                    new Option(
                            "screenshot",
                            "FILE.png",
                            CONFIGURES,
                            "write the framebuffer there at exit"),
                    new Option(
                            "exit-codes",
                            "qemu|carafe",
                            CONFIGURES,
                            "qemu: a triple fault ends with 0"),
                    new Option("accel", "NAME", WARNS, INTERPRETED),
                    new Option("enable-kvm", "", WARNS, INTERPRETED),
                    new Option("monitor", "DEV", WARNS, NO_MONITOR),
                    new Option("mon", "DEV", WARNS, NO_MONITOR),
                    new Option("qmp", "DEV", WARNS, NO_MONITOR),
                    new Option("s", "", CONFIGURES, "the same as -gdb tcp::1234"),
                    new Option(
                            "gdb",
                            "DEV",
                            CONFIGURES,
                            "wait for GDB at tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio, or none"),
                    new Option(
                            "S",
                            "",
                            CONFIGURES,
                            "start nothing until a debugger or the monitor says so"),
                    new Option("drive", "DRIVE", REFUSED, NO_DISKS),
                    new Option("blockdev", "DRIVE", REFUSED, NO_DISKS),
                    new Option("hda", "FILE", REFUSED, NO_DISKS),
                    new Option("hdb", "FILE", REFUSED, NO_DISKS),
                    new Option("hdc", "FILE", REFUSED, NO_DISKS),
                    new Option("hdd", "FILE", REFUSED, NO_DISKS),
                    new Option("fda", "FILE", REFUSED, NO_DISKS),
                    new Option("fdb", "FILE", REFUSED, NO_DISKS),
                    new Option("cdrom", "FILE", REFUSED, NO_DISKS),
                    new Option("snapshot", "", REFUSED, NO_DISKS),
                    new Option("loadvm", "NAME", REFUSED, "Carafe has no snapshots yet"),
                    new Option(
                            "bios",
                            "FILE",
                            CONFIGURES,
                            "firmware to start at the reset vector, with no kernel loaded"),
                    new Option("pflash", "FILE", REFUSED, NO_FIRMWARE),
                    new Option("L", "PATH", SILENT, ""),
                    new Option("boot", "ORDER", SILENT, ""),
                    new Option("name", "NAME", SILENT, ""),
                    new Option("no-user-config", "", SILENT, ""),
                    new Option("k", "LANGUAGE", SILENT, ""),
                    new Option("msg", "FORMAT", SILENT, ""),
                    new Option("no-hpet", "", WARNS, "the HPET stays"),
                    new Option("no-acpi", "", WARNS, "the ACPI tables stay"),
                    new Option("rtc", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("vga", "NAME", WARNS, NO_DISPLAY),
                    new Option("vnc", "DISPLAY", WARNS, NO_DISPLAY),
                    new Option("full-screen", "", WARNS, NO_DISPLAY),
                    new Option("net", "NETWORK", WARNS, NO_NETWORK),
                    new Option("nic", "NETWORK", WARNS, NO_NETWORK),
                    new Option("netdev", "NETWORK", WARNS, NO_NETWORK),
                    new Option(
                            "usb", "", WARNS, "Carafe has no USB yet, the machine goes without it"),
                    new Option(
                            "usbdevice",
                            "NAME",
                            WARNS,
                            "Carafe has no USB yet, the machine goes without it"),
                    new Option(
                            "soundhw",
                            "NAME",
                            WARNS,
                            "Carafe has no sound, the machine goes without it"),
                    new Option(
                            "audiodev",
                            "NAME",
                            WARNS,
                            "Carafe has no sound, the machine goes without it"),
                    new Option(
                            "parallel",
                            "DEV",
                            WARNS,
                            "Carafe has no parallel port, the machine goes without it"),
                    new Option("object", "OBJECT", WARNS, NO_EFFECT),
                    new Option("smbios", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("uuid", "UUID", WARNS, NO_EFFECT),
                    new Option("fw_cfg", "ITEM", WARNS, NO_EFFECT),
                    new Option("echr", "CHARACTER", WARNS, "Ctrl-A stays the escape character"),
                    new Option(
                            "icount", "PROPERTIES", WARNS, "virtual time follows the host's clock"),
                    new Option("trace", "EVENTS", WARNS, NO_EFFECT),
                    new Option("overcommit", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("mem-prealloc", "", WARNS, NO_EFFECT),
                    new Option("mem-path", "PATH", WARNS, NO_EFFECT),
                    new Option("sandbox", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("pidfile", "FILE", REFUSED, "Carafe writes no process file"),
                    new Option("daemonize", "", REFUSED, "Carafe stays in the foreground"),
                    new Option("semihosting", "", REFUSED, "it is not for x86"));

    private OptionTable() {}

    /** The option of this name, without its dashes, or null. */
    static Option find(String name) {
        for (Option option : OPTIONS) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }
}
