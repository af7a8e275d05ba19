package dev.carafe.firmware;

import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.smbios.SmbiosTables;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the machine tells firmware through QEMU's firmware configuration device: by key, and for
 * files by name in the directory.
 *
 * <p>Not offered: ACPI tables and their linker script, and the kernel's parts. Carafe puts both
 * into memory itself.
 */
public final class ConfigurationItems {
    private static final int SIGNATURE = 0x00;
    private static final int INTERFACE = 0x01;
    private static final int UUID = 0x02;
    private static final int RAM_SIZE = 0x03;
    private static final int NO_GRAPHIC = 0x04;
    private static final int CPUS = 0x05;
    private static final int NUMA = 0x0D;
    private static final int BOOT_MENU = 0x0E;
    private static final int CPUS_LIMIT = 0x0F;
    private static final int DIRECTORY = 0x19;
    private static final int FIRST_FILE = 0x20;
    private static final int IRQ0_OVERRIDE = 0x8002;
    private static final int ADDRESS_MAP = 0x8003;

    private static final int TRADITIONAL_AND_DMA = 3;
    private static final int UUID_LENGTH = 16;
    private static final int NAME_LENGTH = 56;
    private static final byte[] SLEEP_STATES = {
        (byte) 0x80, 0, 0, (byte) 0x81, (byte) 0x82, (byte) 0x80
    };

    private final MachineDescription machine;
    private final Map<Integer, byte[]> items = new HashMap<>();

    private ConfigurationItems(MachineDescription machine) {
        this.machine = machine;
    }

    /** All items of a machine by key. */
    public static Map<Integer, byte[]> of(MachineDescription machine) {
        ConfigurationItems configuration = new ConfigurationItems(machine);
        configuration.addNumbers();
        configuration.addFiles();
        return Map.copyOf(configuration.items);
    }

    private void addNumbers() {
        items.put(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
        items.put(INTERFACE, new ByteWriter(4).u32(TRADITIONAL_AND_DMA).toByteArray());
        items.put(UUID, new byte[UUID_LENGTH]);
        items.put(RAM_SIZE, new ByteWriter(8).u64(machine.ramBytes()).toByteArray());
        items.put(NO_GRAPHIC, new ByteWriter(2).u16(1).toByteArray());
        items.put(CPUS, new ByteWriter(2).u16(machine.cpus().size()).toByteArray());
        items.put(NUMA, new ByteWriter(8).u64(0).toByteArray());
        items.put(BOOT_MENU, new ByteWriter(2).u16(0).toByteArray());
        items.put(CPUS_LIMIT, new ByteWriter(2).u16(apicIdLimit()).toByteArray());
        items.put(IRQ0_OVERRIDE, new ByteWriter(4).u32(1).toByteArray());
        byte[] map = addressMap();
        items.put(ADDRESS_MAP, new ByteWriter(64).u32(map.length / 20).bytes(map).toByteArray());
    }

    /** One more than the highest APIC ID. */
    private int apicIdLimit() {
        int limit = 0;
        for (CpuDescription cpu : machine.cpus()) {
            limit = Math.max(limit, cpu.apicId() + 1);
        }
        return limit;
    }

    private void addFiles() {
        SmbiosTables smbios = SmbiosTables.build(machine);
        Map<String, byte[]> files = new TreeMap<>();
        files.put("bootorder", new byte[0]);
        files.put("etc/e820", addressMap());
        files.put("etc/smbios/smbios-anchor", smbios.entry32());
        files.put("etc/smbios/smbios-tables", smbios.structures());
        files.put("etc/system-states", SLEEP_STATES.clone());
        ByteWriter directory = new ByteWriter(512).u32(Integer.reverseBytes(files.size()));
        int key = FIRST_FILE;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            int start = directory.size();
            directory
                    .u32(Integer.reverseBytes(file.getValue().length))
                    .u16(Short.reverseBytes((short) key))
                    .u16(0)
                    .ascii(file.getKey());
            directory.zeros(start + 8 + NAME_LENGTH - directory.size());
            items.put(key++, file.getValue());
        }
        items.put(DIRECTORY, directory.toByteArray());
    }

    /** RAM alone: what else there is, firmware knows from the hardware. */
    private byte[] addressMap() {
        ByteWriter map = new ByteWriter(40);
        range(map, 0, machine.lowRamBytes());
        range(map, GuestLayout.FOUR_GIB, machine.highRamBytes());
        return map.toByteArray();
    }

    private static void range(ByteWriter map, long base, long length) {
        if (length > 0) {
            map.u64(base).u64(length).u32(MemoryType.USABLE.e820());
        }
    }
}
