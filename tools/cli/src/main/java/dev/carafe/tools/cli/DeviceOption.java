package dev.carafe.tools.cli;

import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.DebugExitPort;
import dev.carafe.tools.cli.Properties.Property;
import java.util.List;

/** {@code -device NAME[,property=value...]}. */
final class DeviceOption {
    static final String DEBUG_EXIT = "isa-debug-exit";
    static final String DEBUG_CONSOLE = "isa-debugcon";
    static final String TEST_DEVICE = "pc-testdev";

    private static final int LAST_PORT = 0xFFFF;

    /**
     * Beginnings of the names of devices that a kernel finds missing, as on a machine without them.
     */
    private static final List<String> ABSENT =
            List.of(
                    "virtio-",
                    "vhost-",
                    "e1000",
                    "rtl8139",
                    "ne2k_",
                    "pcnet",
                    "vmxnet3",
                    "usb-",
                    "qemu-xhci",
                    "nec-usb-xhci",
                    "ich9-",
                    "piix3-usb",
                    "piix4-usb",
                    "intel-hda",
                    "hda-",
                    "AC97",
                    "sb16",
                    "ES1370",
                    "VGA",
                    "bochs-display",
                    "cirrus-vga",
                    "qxl",
                    "vmware-svga",
                    "ramfb",
                    "intel-iommu",
                    "pci-bridge",
                    "pcie-",
                    "pci-testdev",
                    "edu",
                    "pvpanic",
                    "i6300esb",
                    "tpm-",
                    "vmcoreinfo");

    /** Beginnings of the names of devices that hold data. */
    private static final List<String> DISKS =
            List.of(
                    "ide-",
                    "ahci",
                    "nvme",
                    "scsi-",
                    "floppy",
                    "isa-fdc",
                    "sdhci",
                    "sd-card",
                    "virtio-blk",
                    "virtio-scsi",
                    "loader");

    private final String option;
    private final String value;
    private final String name;
    private final List<Property> properties;

    DeviceOption(String option, String value) {
        this.option = option;
        this.value = value;
        List<Property> all = Properties.parse(value);
        Property first = all.getFirst();
        name = first.key().equals("driver") && !first.isFlag() ? first.value() : first.key();
        properties = all.subList(1, all.size());
    }

    String name() {
        return name;
    }

    /** For an isa-debug-exit device. */
    DebugExitPort debugExit() {
        int port = DebugExitPort.DEFAULT_PORT;
        int size = DebugExitPort.DEFAULT_SIZE;
        for (Property property : properties) {
            switch (property.key()) {
                case "iobase" -> port = number(property, 0, LAST_PORT);
                case "iosize" -> size = number(property, 1, Long.BYTES);
                case "id" -> {}
                default -> throw unknown(property);
            }
        }
        if (port + size - 1 > LAST_PORT) {
            throw UsageError.of(option, value, "its ports would end behind 0xffff");
        }
        return new DebugExitPort(port, size);
    }

    /** For a pc-testdev. */
    void requireNoProperties() {
        for (Property property : properties) {
            if (!property.key().equals("id")) {
                throw unknown(property);
            }
        }
    }

    /** For an isa-debugcon device: its port. */
    int debugConsolePort() {
        int port = DebugConsole.DEFAULT_PORT;
        for (Property property : properties) {
            switch (property.key()) {
                case "iobase" -> port = number(property, 0, LAST_PORT);
                case "chardev", "readback", "id" -> {}
                default -> throw unknown(property);
            }
        }
        return port;
    }

    /** For an isa-debugcon device: the name of its chardev. */
    String chardev() {
        for (Property property : properties) {
            if (property.key().equals("chardev") && !property.isFlag()) {
                return property.value();
            }
        }
        throw UsageError.of(option, value, "it needs chardev=ID");
    }

    /** Whether it is a disk, or a controller that a disk hangs on. */
    boolean isDisk() {
        return DISKS.stream().anyMatch(name::startsWith);
    }

    /** The sentence of warning for a device that the machine goes without; any other is refused. */
    String absence() {
        if (ABSENT.stream().noneMatch(name::startsWith)) {
            throw UsageError.of(
                    option,
                    value,
                    "'" + name + "' is not a valid device model name, -device help lists them");
        }
        return option + " " + value + ": Carafe does not model it yet, the machine goes without it";
    }

    private int number(Property property, int least, int most) {
        return Numbers.register(
                option, value, property.isFlag() ? "" : property.value(), least, most);
    }

    private UsageError unknown(Property property) {
        return UsageError.of(
                option, value, "'" + property.key() + "' is not a property of " + name);
    }
}
