package dev.carafe.tools.board;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.machine.Machine;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.apic.LocalApic;
import dev.carafe.devices.keyboard.Keyboard8042;
import dev.carafe.devices.pci.PciFunction;
import dev.carafe.devices.pic.Pic8259Pair;
import dev.carafe.devices.power.AcpiPowerManagement;
import dev.carafe.firmware.MachineDescription;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * What a PC is made of, for those who look into it from outside: monitors and debuggers. Devices
 * guard themselves; processors and memory may be looked at only while the machine stands still.
 *
 * @param description what firmware tells the guest about the machine
 * @param machine processors, memory and the bus
 * @param localApics by number of their processor
 * @param interrupts how often the wire of an ISA interrupt has been raised
 * @param functions PCI functions by {@code bus << 8 | device << 3 | function}
 * @param attached every device with its addresses
 */
public record PcParts(
        MachineDescription description,
        Machine machine,
        List<LocalApic> localApics,
        IoApic ioApic,
        Pic8259Pair pic,
        Keyboard8042 keyboard,
        AcpiPowerManagement power,
        IntToLongFunction interrupts,
        Map<Integer, PciFunction> functions,
        List<Attached> attached) {
    public PcParts {
        localApics = List.copyOf(localApics);
        functions = Map.copyOf(functions);
        attached = List.copyOf(attached);
    }

    /**
     * A device on a bus.
     *
     * @param ports whether its addresses are I/O ports
     */
    public record Attached(boolean ports, AddressRange range, BusDevice device) {}
}
