package dev.carafe.tools.monitor;

import static dev.carafe.tools.monitor.PagingText.hex;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.machine.Machine;
import dev.carafe.devices.pci.PciFunction;
import dev.carafe.tools.board.PcParts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code info mtree}, {@code info qtree} and {@code info pci}: what is where. */
final class DeviceTree {
    private static final String ALL = "0000000000000000-ffffffffffffffff";

    private final PcParts parts;
    private final StringBuilder out = new StringBuilder();

    private DeviceTree(PcParts parts) {
        this.parts = parts;
    }

    /** Both address spaces. */
    static String memory(PcParts parts) {
        DeviceTree tree = new DeviceTree(parts);
        tree.out.append("address-space: memory\n  ").append(ALL).append(" (prio 0, i/o): system\n");
        tree.lines(tree.memoryLines());
        tree.out.append("\naddress-space: I/O\n");
        tree.out.append("  0000000000000000-000000000000ffff (prio 0, i/o): io\n");
        List<String> ports = new ArrayList<>();
        for (PcParts.Attached each : tree.attached(true)) {
            ports.add(line(each.range().start(), each.range().end(), "i/o", name(each)));
        }
        tree.lines(ports);
        return tree.out.append('\n').toString();
    }

    private void lines(List<String> lines) {
        lines.forEach(line -> out.append("    ").append(line).append('\n'));
    }

    private List<String> memoryLines() {
        TreeMap<Long, String> lines = new TreeMap<>(Long::compareUnsigned);
        for (PcParts.Attached each : attached(false)) {
            AddressRange range = each.range();
            lines.put(range.start(), line(range.start(), range.end(), "i/o", name(each)));
        }
        Machine machine = parts.machine();
        for (AddressRange range : machine.memory().memoryRanges()) {
            boolean ram = machine.memory().isRam(range.start());
            String name = ram ? range.start() >= 1L << 32 ? "ram-above-4g" : "ram-below-4g" : "rom";
            lines.put(range.start(), line(range.start(), range.end(), ram ? "ram" : "rom", name));
        }
        return List.copyOf(lines.values());
    }

    private static String line(long start, long end, String kind, String name) {
        return hex(start, 16) + "-" + hex(end - 1, 16) + " (prio 0, " + kind + "): " + name;
    }

    private List<PcParts.Attached> attached(boolean ports) {
        return parts.attached().stream()
                .filter(each -> each.ports() == ports)
                .sorted(Comparator.comparingLong(each -> each.range().start()))
                .toList();
    }

    /** What QEMU calls the device there, or our own name. */
    static String name(PcParts.Attached each) {
        String known = each.ports() ? portName((int) each.range().start()) : null;
        if (known != null) {
            return known;
        }
        return switch (each.device().getClass().getSimpleName()) {
            case "IoApic" -> "ioapic";
            case "MsiWindow" -> "apic-msi";
            case "Hpet" -> "hpet";
            case "LinearFramebuffer" -> "vga.vram";
            case "Uart16550" -> "serial";
            case "DebugConsole" -> "isa-debugcon";
            case "DebugExit" -> "isa-debug-exit";
            case "AcpiPowerManagement" -> "acpi-pm";
            case "GeneralPurposeEvents" -> "acpi-gpe0";
            default -> each.device().getClass().getSimpleName();
        };
    }

    private static String portName(int port) {
        return switch (port) {
            case 0x00 -> "dma-chan";
            case 0xC0 -> "dma-cont";
            case 0x20, 0xA0 -> "pic";
            case 0x40 -> "pit";
            case 0x60 -> "i8042-data";
            case 0x61 -> "pcspk";
            case 0x64 -> "i8042-cmd";
            case 0x70 -> "rtc";
            case 0x80 -> "ioport80";
            case 0x81 -> "dma-page";
            case 0x92 -> "port92";
            case 0xB2 -> "apm-io";
            case 0x4D0 -> "elcr";
            case 0x510 -> "fwcfg";
            case 0xCF8 -> "pci-conf";
            default -> null;
        };
    }

    /** Buses and what hangs on them. */
    static String buses(PcParts parts) {
        DeviceTree tree = new DeviceTree(parts);
        tree.out.append("bus: main-system-bus\n  type System\n");
        for (PcParts.Attached each : tree.attached(false)) {
            tree.out.append("  dev: ").append(name(each)).append(", id \"\"\n    mmio ");
            tree.out.append(hex(each.range().start(), 16)).append('/');
            tree.out.append(hex(each.range().length(), 16)).append('\n');
        }
        tree.out.append("  dev: pci-host, id \"\"\n    bus: pci.0\n      type PCI\n");
        for (Map.Entry<Integer, PciFunction> each : new TreeMap<>(parts.functions()).entrySet()) {
            tree.out.append("      dev: ").append(each.getValue().getClass().getSimpleName());
            tree.out.append(", id \"\"\n        addr = ").append(hex(each.getKey() >> 3 & 31, 2));
            tree.out.append('.').append(each.getKey() & 7).append('\n');
        }
        tree.out.append("  dev: isa-bridge, id \"\"\n    bus: isa.0\n      type ISA\n");
        for (PcParts.Attached each : tree.attached(true)) {
            long start = each.range().start();
            tree.out
                    .append("      dev: ")
                    .append(name(each))
                    .append(", id \"\"\n        iobase = ");
            tree.out.append(start).append(" (0x").append(Long.toHexString(start)).append(")\n");
        }
        return tree.out.toString();
    }

    /** Every PCI function. */
    static String pci(PcParts parts) {
        DeviceTree tree = new DeviceTree(parts);
        new TreeMap<>(parts.functions()).forEach(tree::function);
        return tree.out.toString();
    }

    private void function(int place, PciFunction function) {
        long identity = function.readConfiguration(0, 4);
        long subsystem = function.readConfiguration(0x2C, 4);
        int kind = (int) function.readConfiguration(0x0A, 2);
        out.append(
                "  Bus %2d, device %3d, function %d:\n"
                        .formatted(place >> 8, place >> 3 & 31, place & 7));
        out.append(
                "    %s: PCI device %04x:%04x\n"
                        .formatted(kind(kind), identity & 0xFFFF, identity >>> 16));
        out.append(
                "      PCI subsystem %04x:%04x\n".formatted(subsystem & 0xFFFF, subsystem >>> 16));
        int pin = (int) function.readConfiguration(0x3D, 1);
        if (pin != 0) {
            out.append(
                    "      IRQ %d, pin %c\n"
                            .formatted(function.readConfiguration(0x3C, 1), 'A' + pin - 1));
        }
        for (int bar = 0; bar < 6; bar++) {
            long value = function.readConfiguration(0x10 + 4 * bar, 4);
            if (value != 0) {
                boolean port = (value & 1) != 0;
                out.append(
                        "      BAR%d: %s at 0x%s\n"
                                .formatted(
                                        bar,
                                        port ? "I/O" : "32 bit memory",
                                        port ? hex(value & ~3L, 4) : hex(value & ~15L, 8)));
            }
        }
        out.append("      id \"\"\n");
    }

    private static String kind(int kind) {
        return switch (kind) {
            case 0x0600 -> "Host bridge";
            case 0x0601 -> "ISA bridge";
            case 0x0604 -> "PCI bridge";
            case 0x0101 -> "IDE controller";
            case 0x0106 -> "SATA controller";
            case 0x0200 -> "Ethernet controller";
            case 0x0300 -> "VGA controller";
            default -> "Class " + hex(kind, 4);
        };
    }
}
