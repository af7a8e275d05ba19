package dev.carafe.firmware.smbios;

import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import dev.carafe.firmware.bytes.ByteWriter;

/**
 * BIOS, system, chassis, processor, memory and boot structures, one after the other (DSP0134,
 * "Structure Definitions").
 *
 * <p>Not modelled: caches, slots, connectors, and processors beyond what the BIOS segment has room
 * for.
 */
public final class SmbiosTables {
    private static final int ROOM = GuestLayout.ONE_MIB - GuestLayout.SMBIOS_STRUCTURES;
    private static final int ROOM_FOR_THE_REST = 0x1000;
    private static final long MEMORY_DEVICE_LIMIT = 16L << 30;
    private static final int MAX_MEMORY_DEVICES = 32;
    private static final int NOT_PROVIDED = 0xFFFE;
    private static final int NO_SUCH_STRUCTURE = 0xFFFF;
    private static final String VENDOR = "Carafe";

    private final ByteWriter out = new ByteWriter(1024);
    private final MachineDescription machine;
    private int begun; // where the structure being written starts
    private int count;
    private int largest;

    private SmbiosTables(MachineDescription machine) {
        this.machine = machine;
    }

    public static SmbiosTables build(MachineDescription machine) {
        SmbiosTables tables = new SmbiosTables(machine);
        tables.bios();
        tables.system();
        tables.chassis();
        tables.processors();
        tables.memory();
        tables.end(tables.begin(32, 0x0B, 0x2000).zeros(7));
        tables.end(tables.begin(127, 4, 0x7F00));
        return tables;
    }

    /** To be placed at {@link GuestLayout#SMBIOS_ENTRY_32}. */
    public byte[] entry32() {
        return SmbiosEntryPoint.entry32(GuestLayout.SMBIOS_STRUCTURES, out.size(), count, largest);
    }

    /** To be placed at {@link GuestLayout#SMBIOS_ENTRY_64}. */
    public byte[] entry64() {
        return SmbiosEntryPoint.entry64(GuestLayout.SMBIOS_STRUCTURES, out.size());
    }

    /** To be placed at {@link GuestLayout#SMBIOS_STRUCTURES}. */
    public byte[] structures() {
        return out.toByteArray();
    }

    private void bios() {
        ByteWriter structure =
                begin(0, 0x18, 0)
                        .u8(1)
                        .u8(2)
                        .u16(0xE800) // segment of the BIOS
                        .u8(3)
                        .u8(0) // 64 KiB of ROM
                        .u64(0x08) // characteristics are not supported
                        .u8(0)
                        .u8(0x04) // targeted content distribution
                        .u8(0)
                        .u8(0)
                        .u8(0xFF)
                        .u8(0xFF);
        end(structure, VENDOR, "1.0", "04/01/2014");
    }

    private void system() {
        ByteWriter structure =
                begin(1, 0x1B, 0x100)
                        .u8(1)
                        .u8(2)
                        .u8(3)
                        .u8(0)
                        .zeros(16) // UUID not set
                        .u8(6) // woken by the power switch
                        .u8(0)
                        .u8(0);
        end(
                structure,
                VENDOR,
                machine.type() == MachineType.Q35 ? "PC (Q35 + ICH9)" : "PC (i440FX + PIIX)",
                "1.0");
    }

    private void chassis() {
        ByteWriter structure =
                begin(3, 0x16, 0x300)
                        .u8(1)
                        .u8(1) // other
                        .u8(2)
                        .u8(0)
                        .u8(0)
                        .u8(3) // boot-up, power supply and thermal state: safe
                        .u8(3)
                        .u8(3)
                        .u8(2) // security: unknown
                        .u32(0)
                        .u8(0)
                        .u8(0)
                        .u8(0)
                        .u8(0)
                        .u8(0);
        end(structure, VENDOR, "1.0");
    }

    private void processors() {
        CpuTopology topology = machine.topology();
        int threads = topology.coresPerSocket() * topology.threadsPerCore();
        int sockets = (topology.cpus() + threads - 1) / threads;
        int mebihertz = (int) Math.min(0xFFFF, machine.tscHertz() / 1_000_000);
        for (int i = 0; i < sockets && out.size() < ROOM - ROOM_FOR_THE_REST; i++) {
            int here = Math.min(threads, topology.cpus() - i * threads);
            int cores = (here + topology.threadsPerCore() - 1) / topology.threadsPerCore();
            ByteWriter structure =
                    begin(4, 0x2A, 0x400 + i)
                            .u8(1)
                            .u8(3) // central processor
                            .u8(1) // family: other
                            .u8(2)
                            .u64(machine.processorId())
                            .u8(3)
                            .u8(0)
                            .u16(0)
                            .u16(mebihertz)
                            .u16(mebihertz)
                            .u8(0x41) // socket populated, enabled
                            .u8(1)
                            .u16(NO_SUCH_STRUCTURE)
                            .u16(NO_SUCH_STRUCTURE)
                            .u16(NO_SUCH_STRUCTURE)
                            .u8(0)
                            .u8(0)
                            .u8(0)
                            .u8(Math.min(cores, 255))
                            .u8(Math.min(cores, 255))
                            .u8(Math.min(here, 255))
                            .u16(0x02) // characteristics unknown
                            .u16(1);
            end(
                    structure,
                    new StringBuilder("CPU ").append(i).toString(),
                    VENDOR,
                    machine.cpuName());
        }
    }

    private void memory() {
        long ram = machine.ramBytes();
        long deviceSize = MEMORY_DEVICE_LIMIT;
        while ((ram + deviceSize - 1) / deviceSize > MAX_MEMORY_DEVICES) {
            deviceSize *= 2;
        }
        int devices = (int) ((ram + deviceSize - 1) / deviceSize);
        boolean large = ram >= 2L << 40;
        ByteWriter array =
                begin(16, 0x17, 0x1000)
                        .u8(1) // other location
                        .u8(3) // system memory
                        .u8(6) // multi-bit ECC
                        .u32(large ? 0x8000_0000 : (int) (ram >> 10))
                        .u16(NOT_PROVIDED)
                        .u16(devices)
                        .u64(large ? ram : 0);
        end(array);
        for (int i = 0; i < devices; i++) {
            memoryDevice(i, Math.min(deviceSize, ram - i * deviceSize));
        }
        mapped(0, 0, machine.lowRamBytes());
        if (machine.highRamBytes() > 0) {
            mapped(1, GuestLayout.FOUR_GIB, machine.highRamBytes());
        }
    }

    private void memoryDevice(int index, long bytes) {
        long mebibytes = bytes >> 20;
        boolean large = mebibytes >= 0x7FFF;
        ByteWriter structure =
                begin(17, 0x28, 0x1100 + index)
                        .u16(0x1000)
                        .u16(NOT_PROVIDED)
                        .u16(0xFFFF)
                        .u16(0xFFFF)
                        .u16(large ? 0x7FFF : (int) mebibytes)
                        .u8(9) // DIMM
                        .u8(0)
                        .u8(1)
                        .u8(0)
                        .u8(7) // RAM
                        .u16(2)
                        .u16(0)
                        .u8(2)
                        .u8(0)
                        .u8(0)
                        .u8(0)
                        .u8(0)
                        .u32(large ? (int) mebibytes : 0)
                        .u16(0)
                        .u16(0)
                        .u16(0)
                        .u16(0);
        end(structure, new StringBuilder("DIMM ").append(index).toString(), VENDOR);
    }

    private void mapped(int index, long base, long length) {
        boolean large = base + length > 1L << 42;
        ByteWriter structure =
                begin(19, 0x1F, 0x1300 + index)
                        .u32(large ? -1 : (int) (base >> 10))
                        .u32(large ? -1 : (int) (base + length - 1 >> 10))
                        .u16(0x1000)
                        .u8(1)
                        .u64(large ? base : 0)
                        .u64(large ? base + length - 1 : 0);
        end(structure);
    }

    private ByteWriter begin(int type, int length, int handle) {
        begun = out.size();
        return out.u8(type).u8(length).u16(handle);
    }

    /**
     * The strings behind the formatted area, numbered from one; two zeros end the structure in any
     * case.
     */
    private void end(ByteWriter structure, String... strings) {
        for (String text : strings) {
            structure.string(text);
        }
        structure.zeros(strings.length == 0 ? 2 : 1);
        count++;
        largest = Math.max(largest, structure.size() - begun);
    }
}
