package dev.carafe.firmware.mp;

import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.IrqOverride;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.bytes.ByteWriter;

/**
 * What kernels without ACPI learn processors and interrupt lines from (MultiProcessor
 * Specification, "MP Floating Pointer Structure", "MP Configuration Table").
 *
 * <p>Not modelled: processors whose APIC ID does not fit into eight bits, as the specification has
 * no place for them; interrupts of PCI devices, as there are none.
 *
 * @param pointer the floating pointer structure, at {@link GuestLayout#MP_POINTER}
 * @param configuration the table it points to, at {@link GuestLayout#MP_CONFIGURATION}
 */
public record MpTables(byte[] pointer, byte[] configuration) {
    private static final int REVISION = 4; // of version 1.4
    private static final int HEADER_SIZE = 44;
    private static final int POINTER_CHECKSUM = 10;
    private static final int LENGTH = 4;
    private static final int CHECKSUM = 7;
    private static final int ENTRY_COUNT = 34;

    private static final int BROADCAST = 0xFF; // no processor's APIC ID
    private static final int LOCAL_APIC_VERSION = 0x14;
    private static final int IO_APIC_VERSION = 0x11;
    private static final int USABLE = 1;
    private static final int BOOTSTRAP = 2;

    private static final int ISA_BUS = 1; // bus 0 is PCI
    private static final int ISA_IRQS = 16;
    private static final int CASCADE = 2; // the second 8259's place on the first
    private static final int INT = 0;
    private static final int NMI = 1;
    private static final int EXT_INT = 3;

    public static MpTables build(MachineDescription machine) {
        byte[] pointer =
                new ByteWriter(16)
                        .ascii("_MP_")
                        .u32(GuestLayout.MP_CONFIGURATION)
                        .u8(1)
                        .u8(REVISION)
                        .zeros(6)
                        .checksum(POINTER_CHECKSUM, 0, 16)
                        .toByteArray();
        return new MpTables(pointer, configuration(machine));
    }

    private static byte[] configuration(MachineDescription machine) {
        ByteWriter out = new ByteWriter(HEADER_SIZE + 20 * machine.cpus().size() + 200);
        out.ascii("PCMP").zeros(2).u8(REVISION).u8(0);
        out.ascii("CARAFE  ").ascii("PC          ");
        out.zeros(8).u32((int) machine.localApicAddress()).zeros(4);
        int entries = processors(machine, out);
        out.u8(1).u8(0).ascii("PCI   ");
        out.u8(1).u8(ISA_BUS).ascii("ISA   ");
        out.u8(2).u8(machine.ioApicId()).u8(IO_APIC_VERSION).u8(USABLE);
        out.u32((int) machine.ioApicAddress());
        entries += 3 + isaInterrupts(machine, out);
        out.u8(4).u8(EXT_INT).u16(0).u8(ISA_BUS).u8(0).u8(machine.bsp().apicId()).u8(0);
        out.u8(4).u8(NMI).u16(0).u8(ISA_BUS).u8(0).u8(BROADCAST).u8(1);
        entries += 2;
        out.patch16(LENGTH, out.size()).patch16(ENTRY_COUNT, entries);
        return out.checksum(CHECKSUM, 0, out.size()).toByteArray();
    }

    /** Returns how many. */
    private static int processors(MachineDescription machine, ByteWriter out) {
        int count = 0;
        for (CpuDescription cpu : machine.cpus()) {
            if (cpu.apicId() < BROADCAST) {
                int flags = cpu.index() == 0 ? USABLE | BOOTSTRAP : USABLE;
                out.u8(0).u8(cpu.apicId()).u8(LOCAL_APIC_VERSION).u8(flags);
                out.u64(machine.processorId()).zeros(8);
                count++;
            }
        }
        return count;
    }

    /** Returns how many. */
    private static int isaInterrupts(MachineDescription machine, ByteWriter out) {
        int count = 0;
        for (int irq = 0; irq < ISA_IRQS; irq++) {
            if (irq == CASCADE) {
                continue;
            }
            int pin = irq;
            int flags = IrqOverride.BUS_DEFAULT;
            for (IrqOverride override : machine.irqOverrides()) {
                if (override.sourceIrq() == irq) {
                    pin = override.globalSystemInterrupt();
                    flags = override.flags();
                }
            }
            out.u8(3).u8(INT).u16(flags).u8(ISA_BUS).u8(irq).u8(machine.ioApicId()).u8(pin);
            count++;
        }
        return count;
    }
}
