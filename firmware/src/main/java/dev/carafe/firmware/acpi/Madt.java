package dev.carafe.firmware.acpi;

import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.IrqOverride;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.bytes.ByteWriter;

/**
 * Multiple APIC Description Table. Processors whose APIC ID does not fit into eight bits are x2APIC
 * entries.
 */
final class Madt {
    private static final int PCAT_COMPAT = 1;
    private static final int ENABLED = 1;
    private static final int FIRST_X2APIC_ID = 255; // 255 is the xAPIC broadcast address
    private static final int ALL_PROCESSORS = 0xFF;

    private Madt() {}

    static byte[] bytes(MachineDescription machine) {
        int size =
                44 + 16 * machine.cpus().size() + 12 + 10 * machine.irqOverrides().size() + 6 + 12;
        ByteWriter out =
                TableWriter.begin("APIC", 1, size)
                        .u32((int) machine.localApicAddress())
                        .u32(PCAT_COMPAT);
        boolean x2Apic = processors(machine, out);
        out.u8(1).u8(12).u8(machine.ioApicId()).u8(0);
        out.u32((int) machine.ioApicAddress()).u32(machine.ioApicGsiBase());
        for (IrqOverride irq : machine.irqOverrides()) {
            out.u8(2)
                    .u8(10)
                    .u8(0)
                    .u8(irq.sourceIrq())
                    .u32(irq.globalSystemInterrupt())
                    .u16(irq.flags());
        }
        out.u8(4).u8(6).u8(ALL_PROCESSORS).u16(0).u8(1);
        if (x2Apic) {
            out.u8(0xA).u8(12).u16(0).u32(-1).u8(1).zeros(3);
        }
        return TableWriter.finish(out);
    }

    private static boolean processors(MachineDescription machine, ByteWriter out) {
        boolean x2Apic = false;
        for (CpuDescription cpu : machine.cpus()) {
            if (cpu.apicId() < FIRST_X2APIC_ID) {
                out.u8(0).u8(8).u8(cpu.processorUid()).u8(cpu.apicId()).u32(ENABLED);
            } else {
                x2Apic = true;
                out.u8(9).u8(16).u16(0).u32(cpu.apicId()).u32(ENABLED).u32(cpu.processorUid());
            }
        }
        return x2Apic;
    }
}
