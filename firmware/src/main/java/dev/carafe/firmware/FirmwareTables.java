package dev.carafe.firmware;

import dev.carafe.firmware.acpi.AcpiTables;
import dev.carafe.firmware.mp.MpTables;
import dev.carafe.firmware.smbios.SmbiosTables;
import java.util.ArrayList;
import java.util.List;

/**
 * What the BIOS of the machine would have left in memory: ACPI tables and FACS at the top of low
 * RAM, RSDP, SMBIOS and MP tables in the BIOS segment, the BIOS data area, real mode's interrupt
 * vectors, and the address map.
 */
public final class FirmwareTables {
    /** Enough for tables, stacks and a small kernel; less helps nobody. */
    private static final long LEAST_RAM = 2L << 20;

    private final MachineDescription machine;
    private final List<ImageSegment> segments = new ArrayList<>();
    private final long tablesBase;
    private final long facsBase;

    public FirmwareTables(MachineDescription machine) throws BootException {
        this.machine = machine;
        if (machine.ramBytes() < LEAST_RAM) {
            throw new BootException(
                    "guest RAM of "
                            + machine.ramBytes() / 1024
                            + " KiB is too small: at least "
                            + LEAST_RAM / 1024
                            + " KiB are needed");
        }
        facsBase = machine.lowRamBytes() - GuestLayout.PAGE;
        AcpiTables acpi = AcpiTables.build(machine, facsBase);
        tablesBase = acpi.tablesAddress();
        segments.add(new ImageSegment.Data(0, RealModeInterrupts.table()));
        segments.add(
                new ImageSegment.Data(
                        GuestLayout.INTERRUPT_HANDLERS, RealModeInterrupts.handlers()));
        segments.add(new ImageSegment.Data(GuestLayout.BIOS_DATA_AREA, BiosDataArea.bytes()));
        segments.add(
                new ImageSegment.Data(
                        GuestLayout.EXTENDED_BIOS_DATA_AREA, BiosDataArea.extendedBytes()));
        segments.add(new ImageSegment.Data(GuestLayout.RSDP, acpi.rsdp()));
        segments.add(new ImageSegment.Data(tablesBase, acpi.tables()));
        segments.add(new ImageSegment.Data(facsBase, acpi.facs()));
        segments.add(new ImageSegment.Data(GuestLayout.RESET_SHADOW, ResetCode.page(machine)));
        SmbiosTables smbios = SmbiosTables.build(machine);
        segments.add(new ImageSegment.Data(GuestLayout.SMBIOS_ENTRY_32, smbios.entry32()));
        segments.add(new ImageSegment.Data(GuestLayout.SMBIOS_ENTRY_64, smbios.entry64()));
        segments.add(new ImageSegment.Data(GuestLayout.SMBIOS_STRUCTURES, smbios.structures()));
        MpTables mp = MpTables.build(machine);
        segments.add(new ImageSegment.Data(GuestLayout.MP_POINTER, mp.pointer()));
        segments.add(new ImageSegment.Data(GuestLayout.MP_CONFIGURATION, mp.configuration()));
    }

    public List<ImageSegment> segments() {
        return segments;
    }

    /** First address above the RAM that a loader may use below 4 GiB. */
    public long usableLowEnd() {
        return tablesBase;
    }

    /** The map that INT 15H, function E820H would report. */
    public MemoryMap addressMap() {
        MemoryMap map = new MemoryMap();
        map.add(0, GuestLayout.EXTENDED_BIOS_DATA_AREA, MemoryType.USABLE);
        map.add(GuestLayout.EXTENDED_BIOS_DATA_AREA, GuestLayout.VGA_HOLE, MemoryType.RESERVED);
        map.add(GuestLayout.BIOS_SEGMENT, GuestLayout.ONE_MIB, MemoryType.RESERVED);
        addAboveOneMebibyte(map);
        return map;
    }

    /**
     * The same for a Limine kernel: usable memory in whole pages and never page 0, the framebuffer,
     * and the BIOS segment as {@code biosSegment}, since its type depends on the base revision.
     */
    public MemoryMap limineMap(MemoryType biosSegment) {
        MemoryMap map = new MemoryMap();
        map.add(
                GuestLayout.LOADER_SCRATCH,
                GuestLayout.LOADER_SCRATCH_END,
                MemoryType.BOOTLOADER_RECLAIMABLE);
        map.add(
                GuestLayout.LOADER_SCRATCH_END,
                GuestLayout.EXTENDED_BIOS_DATA_AREA & -GuestLayout.PAGE,
                MemoryType.USABLE);
        map.add(GuestLayout.EXTENDED_BIOS_DATA_AREA, GuestLayout.VGA_HOLE, MemoryType.RESERVED);
        map.add(GuestLayout.BIOS_SEGMENT, GuestLayout.ONE_MIB, biosSegment);
        addAboveOneMebibyte(map);
        FramebufferDescription framebuffer = machine.framebuffer();
        if (framebuffer != null) {
            long size = framebuffer.sizeInBytes() + GuestLayout.PAGE - 1 & -GuestLayout.PAGE;
            map.add(framebuffer.address(), framebuffer.address() + size, MemoryType.FRAMEBUFFER);
        }
        return map;
    }

    private void addAboveOneMebibyte(MemoryMap map) {
        map.add(GuestLayout.ONE_MIB, tablesBase, MemoryType.USABLE);
        map.add(tablesBase, facsBase, MemoryType.ACPI_RECLAIMABLE);
        map.add(facsBase, machine.lowRamBytes(), MemoryType.ACPI_NVS);
        if (machine.hasEcam()) {
            map.add(GuestLayout.ECAM, GuestLayout.ECAM_END, MemoryType.RESERVED);
        }
        if (machine.type() == MachineType.Q35) {
            map.add(
                    GuestLayout.ROOT_COMPLEX_REGISTERS,
                    GuestLayout.ROOT_COMPLEX_REGISTERS_END,
                    MemoryType.RESERVED);
        }
        map.add(GuestLayout.FLASH, GuestLayout.FOUR_GIB, MemoryType.RESERVED);
        long highEnd = GuestLayout.FOUR_GIB + machine.highRamBytes();
        map.add(GuestLayout.FOUR_GIB, highEnd, MemoryType.USABLE);
        if (machine.physicalAddressBits() >= 40 && highEnd <= GuestLayout.HIGH_RESERVED) {
            map.add(GuestLayout.HIGH_RESERVED, GuestLayout.HIGH_RESERVED_END, MemoryType.RESERVED);
        }
    }
}
