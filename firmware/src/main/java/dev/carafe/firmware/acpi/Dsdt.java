package dev.carafe.firmware.acpi;

import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;

/**
 * Differentiated System Description Table: power off, the PCI host bridge with windows and
 * interrupt routing, the ISA devices, the HPET and the processors.
 *
 * <p>Not modelled: sleep states other than S5, PCI interrupt link devices, general-purpose events,
 * processor power states.
 */
final class Dsdt {
    private static final int LAST_SLOT = 31;
    private static final int PRESENT = 0x0F;

    private Dsdt() {}

    static byte[] bytes(MachineDescription machine) {
        AmlWriter root = new AmlWriter();
        AmlWriter sleepTypes = new AmlWriter().integer(0).integer(0).integer(0).integer(0);
        root.name("_S5_").packageOf(4, sleepTypes);
        root.name("PICF").integer(0);
        root.methodStoringArgument("_PIC", "PICF");
        AmlWriter systemBus = new AmlWriter().device("PCI0", hostBridge(machine));
        if (machine.hasHpet()) {
            systemBus.device("HPET", hpet(machine));
        }
        for (CpuDescription cpu : machine.cpus()) {
            systemBus.device(processorName(cpu.index()), processor(cpu));
        }
        root.scope("_SB_", systemBus);
        byte[] aml = root.toByteArray();
        return TableWriter.finish(TableWriter.begin("DSDT", 2, 36 + aml.length).bytes(aml));
    }

    private static AmlWriter hostBridge(MachineDescription machine) {
        AmlWriter bridge = new AmlWriter();
        if (machine.type() == MachineType.Q35) {
            bridge.name("_HID").eisaId("PNP0A08").name("_CID").eisaId("PNP0A03");
        } else {
            bridge.name("_HID").eisaId("PNP0A03");
        }
        long window = Math.max(GuestLayout.ECAM_END, machine.lowRamBytes());
        byte[] resources =
                new ResourceWriter()
                        .busNumbers(0, 0xFF)
                        .io(0xCF8, 1, 8)
                        .ioWindow(0, 0xCF7)
                        .ioWindow(0xD00, 0xFFFF)
                        .memoryWindow(GuestLayout.VGA_HOLE, 0xBFFFF, true)
                        .memoryWindow(window, GuestLayout.PCI_WINDOW_END - 1, false)
                        .finish();
        bridge.name("_UID").integer(0);
        bridge.name("_CRS").buffer(resources);
        bridge.name("_PRT").packageOf(LAST_SLOT * 4, interruptRouting());
        int isaBridge = machine.type() == MachineType.Q35 ? 0x001F_0000 : 0x0001_0000;
        bridge.device("ISA_", isaDevices(isaBridge));
        return bridge;
    }

    private static AmlWriter interruptRouting() {
        AmlWriter routes = new AmlWriter();
        for (int slot = 1; slot <= LAST_SLOT; slot++) {
            for (int pin = 0; pin < 4; pin++) {
                AmlWriter route =
                        new AmlWriter()
                                .integer(slot << 16 | 0xFFFF)
                                .integer(pin)
                                .integer(0)
                                .integer(GuestLayout.pciInterrupt(slot, pin));
                routes.packageOf(4, route);
            }
        }
        return routes;
    }

    private static AmlWriter isaDevices(int address) {
        AmlWriter isa = new AmlWriter().name("_ADR").integer(address);
        isa.device("COM1", device("PNP0501", 1, new ResourceWriter().io(0x3F8, 0, 8).irq(4)));
        isa.device(
                "KBD_",
                device("PNP0303", 0, new ResourceWriter().io(0x60, 1, 1).io(0x64, 1, 1).irq(1)));
        isa.device("MOU_", device("PNP0F13", 0, new ResourceWriter().irq(12)));
        isa.device("RTC_", device("PNP0B00", 0, new ResourceWriter().io(0x70, 1, 8).irq(8)));
        return isa;
    }

    private static AmlWriter hpet(MachineDescription machine) {
        ResourceWriter registers =
                new ResourceWriter().memory32Fixed(machine.hpetAddress(), GuestLayout.HPET_SIZE);
        return device("PNP0103", 0, registers);
    }

    private static AmlWriter device(String id, int uid, ResourceWriter resources) {
        return new AmlWriter()
                .name("_HID")
                .eisaId(id)
                .name("_UID")
                .integer(uid)
                .name("_STA")
                .integer(PRESENT)
                .name("_CRS")
                .buffer(resources.finish());
    }

    private static AmlWriter processor(CpuDescription cpu) {
        return new AmlWriter()
                .name("_HID")
                .string("ACPI0007")
                .name("_UID")
                .integer(cpu.processorUid())
                .name("_STA")
                .integer(PRESENT);
    }

    private static String processorName(int index) {
        String digits = "0123456789ABCDEF";
        return new String(
                new char[] {
                    'C',
                    digits.charAt(index >> 8 & 0xF),
                    digits.charAt(index >> 4 & 0xF),
                    digits.charAt(index & 0xF)
                });
    }
}
