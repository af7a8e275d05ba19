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
    private static final String NO_DISKS = DriveOptions.NO_DISKS;
    private static final String NO_DISPLAY =
            "Carafe has no window, --screenshot FILE.png keeps the last picture";
    private static final String NO_NETWORK =
            "Carafe has no network yet, the machine goes without it";
    static final String INTERPRETED =
            "Carafe interprets every instruction, there is no acceleration";
    private static final String NO_SOUND = "Carafe has no sound, the machine goes without it";
    private static final String NO_USB = "Carafe has no USB yet, the machine goes without it";
    private static final String NO_XEN = "Carafe is not a Xen device model";
    private static final String NO_SNAPSHOTS = "Carafe has no snapshots yet";
    private static final String NO_SHARES = "Carafe has no shared folders yet";
    private static final String NO_PRIVILEGES = "Carafe needs no privileges, start it without them";
    static final String NO_EFFECT = "it has no effect here";

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
                            "COM1, then COM2...: stdio, mon:stdio, file:FILE, tcp:..., pty..."),
                    new Option(
                            "debugcon",
                            "DEV",
                            CONFIGURES,
                            "bytes written to port 0xe9 go to DEV, as for -serial"),
                    new Option(
                            "chardev",
                            "BACKEND,id=ID[,path=FILE][,mux=on]",
                            CONFIGURES,
                            "a DEV for chardev:ID, -chardev help lists backends"),
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
                    new Option(
                            "expect",
                            "REGEX",
                            CONFIGURES,
                            "end with 0 once a serial line has it; more of them in order"),
                    new Option(
                            "report-json",
                            "FILE",
                            CONFIGURES,
                            "write what is reported there, one JSON object a line"),
                    new Option("no-verdict", "", CONFIGURES, "let a dead or hung machine be"),
                    new Option(
                            "no-lint", "", CONFIGURES, "no notes on misused interrupt controllers"),
                    new Option(
                            "limit-seconds",
                            "N",
                            CONFIGURES,
                            "end with 124 after so many seconds of the guest's time"),
                    new Option(
                            "limit-instructions",
                            "N",
                            CONFIGURES,
                            "end with 124 after so many instructions of all CPUs"),
                    new Option(
                            "fail-on",
                            "REGEX",
                            CONFIGURES,
                            "end with 118 when a serial line has it"),
                    new Option(
                            "drive",
                            "file=FILE[,prop=value...]",
                            CONFIGURES,
                            "boot what limine.conf or grub.cfg on it names; there is no drive"),
                    new Option("cdrom", "FILE", CONFIGURES, "the same (also -hda to -hdd, FILE)"),
                    new Option("hda", "FILE", CONFIGURES, "the same"),
                    new Option("hdb", "FILE", CONFIGURES, "the same"),
                    new Option("hdc", "FILE", CONFIGURES, "the same"),
                    new Option("hdd", "FILE", CONFIGURES, "the same"),
                    new Option("fda", "FILE", CONFIGURES, "the same"),
                    new Option("fdb", "FILE", CONFIGURES, "the same"),
                    new Option("pflash", "FILE", CONFIGURES, "ignored where a kernel boots"),
                    new Option(
                            "boot",
                            "[order=]DRIVES[,menu=on|off]",
                            CONFIGURES,
                            "checked, without effect: kernels are loaded directly"),
                    new Option(
                            "rtc",
                            "[base=utc|localtime|DATE][,clock=...]",
                            CONFIGURES,
                            "what the clock shows at power-on"),
                    new Option("localtime", "", CONFIGURES, "as -rtc base=localtime"),
                    new Option("no-hpet", "", CONFIGURES, "a PC without an HPET"),
                    new Option("uuid", "UUID", CONFIGURES, "checked, without effect"),
                    new Option(
                            "echr",
                            "CHARACTER",
                            CONFIGURES,
                            "number of the character that takes Ctrl-A's part"),
                    new Option(
                            "pidfile",
                            "FILE",
                            CONFIGURES,
                            "holds the process's number while it runs"),
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
                    new Option("qemu-exit-codes", "", CONFIGURES, "as --exit-codes qemu"),
                    new Option("accel", "NAME", WARNS, INTERPRETED),
                    new Option("enable-kvm", "", WARNS, INTERPRETED),
                    new Option(
                            "monitor",
                            "DEV",
                            CONFIGURES,
                            "monitor for people at stdio, tcp:, telnet:, unix:, chardev:ID, none"),
                    new Option("qmp", "DEV", CONFIGURES, "monitor for programs, in JSON"),
                    new Option("qmp-pretty", "DEV", CONFIGURES, "the same"),
                    new Option(
                            "mon",
                            "[chardev=]ID[,mode=readline|control]",
                            CONFIGURES,
                            "monitor at a -chardev"),
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
                    new Option("blockdev", "DRIVE", REFUSED, NO_DISKS),
                    new Option("loadvm", "NAME", REFUSED, NO_SNAPSHOTS),
                    new Option("incoming", "URI", REFUSED, NO_SNAPSHOTS),
                    new Option("dump-vmstate", "FILE", REFUSED, NO_SNAPSHOTS),
                    new Option("mtdblock", "FILE", REFUSED, NO_DISKS),
                    new Option("sd", "FILE", REFUSED, NO_DISKS),
                    new Option("iscsi", "PROPERTIES", REFUSED, NO_DISKS),
                    new Option("fsdev", "PROPERTIES", REFUSED, NO_SHARES),
                    new Option("virtfs", "PROPERTIES", REFUSED, NO_SHARES),
                    new Option("tpmdev", "PROPERTIES", REFUSED, "Carafe has no TPM yet"),
                    new Option(
                            "bios",
                            "FILE",
                            CONFIGURES,
                            "firmware to start at the reset vector, with no kernel loaded"),
                    new Option("L", "PATH", SILENT, ""),
                    new Option("snapshot", "", SILENT, ""), // no image is ever written to
                    new Option("name", "NAME", SILENT, ""),
                    new Option("no-user-config", "", SILENT, ""),
                    new Option("k", "LANGUAGE", SILENT, ""),
                    new Option("msg", "FORMAT", SILENT, ""),
                    new Option("no-acpi", "", WARNS, "the ACPI tables stay"),
                    new Option("vga", "NAME", WARNS, NO_DISPLAY),
                    new Option("vnc", "DISPLAY", WARNS, NO_DISPLAY),
                    new Option("full-screen", "", WARNS, NO_DISPLAY),
                    new Option("net", "NETWORK", WARNS, NO_NETWORK),
                    new Option("nic", "NETWORK", WARNS, NO_NETWORK),
                    new Option("netdev", "NETWORK", WARNS, NO_NETWORK),
                    new Option("usb", "", WARNS, NO_USB),
                    new Option("usbdevice", "NAME", WARNS, NO_USB),
                    new Option("soundhw", "NAME", WARNS, NO_SOUND),
                    new Option("audio", "PROPERTIES", WARNS, NO_SOUND),
                    new Option("audiodev", "NAME", WARNS, NO_SOUND),
                    new Option(
                            "parallel",
                            "DEV",
                            WARNS,
                            "Carafe has no parallel port, the machine goes without it"),
                    new Option("object", "OBJECT", WARNS, NO_EFFECT),
                    new Option("smbios", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("fw_cfg", "ITEM", WARNS, NO_EFFECT),
                    new Option(
                            "icount", "PROPERTIES", WARNS, "virtual time follows the host's clock"),
                    new Option("trace", "EVENTS", WARNS, NO_EFFECT),
                    new Option("overcommit", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option("mem-prealloc", "", WARNS, NO_EFFECT),
                    new Option("mem-path", "PATH", WARNS, NO_EFFECT),
                    new Option("sandbox", "PROPERTIES", WARNS, NO_EFFECT),
                    new Option(
                            "daemonize",
                            "",
                            REFUSED,
                            "Carafe stays in the foreground, start it with & or nohup"),
                    new Option("curses", "", WARNS, NO_DISPLAY),
                    new Option("sdl", "", WARNS, NO_DISPLAY),
                    new Option("spice", "PROPERTIES", WARNS, NO_DISPLAY),
                    new Option("portrait", "", WARNS, NO_DISPLAY),
                    new Option("rotate", "DEGREES", WARNS, NO_DISPLAY),
                    new Option("singlestep", "", WARNS, NO_EFFECT),
                    new Option(
                            "profile",
                            "FILE",
                            CONFIGURES,
                            "samples of all processors, as collapsed stacks"),
                    new Option(
                            "timeline",
                            "FILE.json",
                            CONFIGURES,
                            "interrupts, IF=0, halts, spins and IPIs, for Perfetto (slow)"),
                    new Option(
                            "dfilter",
                            "START..END|START+SIZE,...",
                            CONFIGURES,
                            "-d in_asm, exec and cpu look at this code only"),
                    new Option("watchdog-action", "ACTION", WARNS, NO_EFFECT),
                    new Option("win2k-hack", "", SILENT, ""),
                    new Option("no-fd-bootchk", "", SILENT, ""),
                    new Option("no-kvm", "", SILENT, ""),
                    new Option("nodefconfig", "", SILENT, ""),
                    new Option("compat", "POLICY", SILENT, ""),
                    new Option("only-migratable", "", SILENT, ""),
                    new Option("async-teardown", "", SILENT, ""),
                    new Option("enable-sync-profile", "", SILENT, ""),
                    new Option("numa", "PROPERTIES", REFUSED, "memory is in one node"),
                    new Option("acpitable", "PROPERTIES", REFUSED, "no ACPI table can be added"),
                    new Option("option-rom", "FILE", REFUSED, "there is no BIOS to start it"),
                    new Option("dtb", "FILE", REFUSED, "a PC has no device tree"),
                    new Option("set", "GROUP.ID.ARG=VALUE", REFUSED, "change the option itself"),
                    new Option("add-fd", "PROPERTIES", REFUSED, "name the file itself"),
                    new Option("readconfig", "FILE", REFUSED, "use options, Carafe reads no file"),
                    new Option("plugin", "FILE", REFUSED, "QEMU's plugins are for QEMU"),
                    new Option("preconfig", "", REFUSED, "a machine cannot be changed later"),
                    new Option("chroot", "FOLDER", REFUSED, NO_PRIVILEGES),
                    new Option("runas", "USER", REFUSED, NO_PRIVILEGES),
                    new Option("xen-domid", "ID", REFUSED, NO_XEN),
                    new Option("xen-attach", "", REFUSED, NO_XEN),
                    new Option("xen-domid-restrict", "", REFUSED, NO_XEN),
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
