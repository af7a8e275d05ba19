package dev.carafe.firmware.multiboot;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.FirmwareTables;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.LocalApicState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.PicState;
import dev.carafe.firmware.ProcessorStart;
import dev.carafe.firmware.SegmentState;
import dev.carafe.firmware.TableRegister;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Boots a kernel by the Multiboot Specification 0.6.96: kernel where it wants to be, modules behind
 * it, boot information in low memory, 32-bit protected mode without paging.
 *
 * <p>Not modelled: video modes, drives, symbols, APM; the information structure says so in its
 * flags.
 */
public final class MultibootLoader {
    private static final int BOOTLOADER_MAGIC = 0x2BAD_B002;
    private static final int INFO_SIZE = 116;
    private static final int BOOT_DEVICE = 0x8000_FFFF;
    private static final int MEM_LOWER = 640;

    private static final int HAS_MEMORY = 1;
    private static final int HAS_BOOT_DEVICE = 1 << 1;
    private static final int HAS_COMMAND_LINE = 1 << 2;
    private static final int HAS_MODULES = 1 << 3;
    private static final int HAS_MEMORY_MAP = 1 << 6;
    private static final int HAS_LOADER_NAME = 1 << 9;
    private static final int FLAGS =
            HAS_MEMORY
                    | HAS_BOOT_DEVICE
                    | HAS_COMMAND_LINE
                    | HAS_MODULES
                    | HAS_MEMORY_MAP
                    | HAS_LOADER_NAME;

    private static final int CODE = 0x08;
    private static final int DATA = 0x10;
    private static final long CR0_PROTECTED = 0x11; // ET, PE
    private static final long RESET_PAT = 0x0007_0406_0007_0406L;
    private static final long APIC_BASE_BSP = 0x900;

    private final MachineDescription machine;
    private final FirmwareTables firmware;
    private final MultibootKernel kernel;
    private final List<ImageSegment> segments = new ArrayList<>();
    private final ByteWriter strings = new ByteWriter(512);
    private final int area;
    private long free;

    private MultibootLoader(
            MachineDescription machine, FirmwareTables firmware, MultibootKernel kernel)
            throws BootException {
        area = kernel.lowArea();
        this.machine = machine;
        this.firmware = firmware;
        this.kernel = kernel;
    }

    public static boolean hasHeader(byte[] file) {
        return MultibootHeader.find(file) != null;
    }

    /**
     * @param kernelName first word of the command line, and name for messages
     */
    public static BootImage load(
            byte[] kernelFile,
            String kernelName,
            String commandLine,
            List<ModuleFile> modules,
            MachineDescription machine,
            BootOptions options)
            throws BootException {
        FirmwareTables firmware = new FirmwareTables(machine);
        MultibootKernel kernel =
                MultibootKernel.load(kernelFile, kernelName, firmware.usableLowEnd());
        return new MultibootLoader(machine, firmware, kernel)
                .build(kernelName, commandLine, modules, options);
    }

    private BootImage build(
            String kernelName, String commandLine, List<ModuleFile> modules, BootOptions options)
            throws BootException {
        segments.addAll(firmware.segments());
        segments.addAll(kernel.segments());
        free =
                Math.max(kernel.end(), GuestLayout.ONE_MIB) + GuestLayout.PAGE - 1
                        & -GuestLayout.PAGE;
        long[] starts = placeModules(modules);

        // Behind the modules: the strings, then the module list
        long stringsAt = free;
        int commandLineAt = string(kernelName + " " + commandLine);
        int loaderAt = string(options.loaderName());
        int[] names = new int[starts.length];
        for (int i = 0; i < names.length; i++) {
            ModuleFile module = modules.get(i);
            boolean alone = module.commandLine().isEmpty();
            names[i] = string(alone ? module.path() : module.path() + " " + module.commandLine());
        }
        int listAt = strings.align(16).size();
        for (int i = 0; i < starts.length; i++) {
            int length = modules.get(i).bytes().length;
            strings.u32((int) starts[i])
                    .u32((int) (starts[i] + length))
                    .u32((int) (stringsAt + names[i]))
                    .u32(0);
        }
        reserve(strings.size(), "boot information");
        segments.add(new ImageSegment.Data(stringsAt, strings.toByteArray()));

        List<MemoryRegion> map = firmware.addressMap().regions();
        byte[] mapBytes = memoryMap(map);
        segments.add(
                new ImageSegment.Data(area + GuestLayout.MULTIBOOT_MEMORY_MAP_OFFSET, mapBytes));
        ByteWriter info =
                info(stringsAt + commandLineAt, starts.length, stringsAt + listAt, mapBytes.length);
        info.patch32(64, (int) (stringsAt + loaderAt));
        segments.add(
                new ImageSegment.Data(
                        area + GuestLayout.MULTIBOOT_INFO_OFFSET, info.toByteArray()));
        segments.add(new ImageSegment.Data(area + GuestLayout.MULTIBOOT_GDT_OFFSET, gdt()));
        return image(map);
    }

    private BootImage image(List<MemoryRegion> map) {
        BootImage.Facts facts =
                new BootImage.Facts()
                        .add("entry point", kernel.entry())
                        .add("kernel end", kernel.end())
                        .add("boot information", area + GuestLayout.MULTIBOOT_INFO_OFFSET)
                        .add("RSDP", GuestLayout.RSDP);
        List<ProcessorStart> others = new ArrayList<>();
        for (int cpu = 1; cpu < machine.cpus().size(); cpu++) {
            others.add(new ProcessorStart.WaitForSipi(cpu));
        }
        return new BootImage(
                "Multiboot",
                facts,
                List.copyOf(segments),
                entryState(),
                List.copyOf(others),
                map,
                PicState.BIOS,
                0);
    }

    private long[] placeModules(List<ModuleFile> modules) throws BootException {
        long[] starts = new long[modules.size()];
        for (int i = 0; i < starts.length; i++) {
            byte[] bytes = modules.get(i).bytes();
            starts[i] = free;
            if (bytes.length > 0) {
                segments.add(new ImageSegment.Data(free, bytes));
            }
            reserve(bytes.length, "module ".concat(modules.get(i).path()));
        }
        return starts;
    }

    private void reserve(long size, String what) throws BootException {
        free = free + size + GuestLayout.PAGE - 1 & -GuestLayout.PAGE;
        if (free > firmware.usableLowEnd()) {
            throw new BootException(
                    "guest RAM below "
                            + BootException.hex(firmware.usableLowEnd())
                            + " has no room for the "
                            + size
                            + " bytes of "
                            + what);
        }
    }

    private int string(String text) {
        int at = strings.size();
        strings.string(text);
        return at;
    }

    private static byte[] memoryMap(List<MemoryRegion> map) {
        ByteWriter out = new ByteWriter(map.size() * 24);
        for (MemoryRegion region : map) {
            out.u32(20).u64(region.base()).u64(region.length()).u32(region.type().e820());
        }
        return out.toByteArray();
    }

    private ByteWriter info(long commandLine, int modules, long moduleList, int mapLength) {
        long upper = firmware.usableLowEnd() - GuestLayout.ONE_MIB >> 10;
        return new ByteWriter(INFO_SIZE)
                .u32(FLAGS)
                .u32(MEM_LOWER)
                .u32((int) upper)
                .u32(BOOT_DEVICE)
                .u32((int) commandLine)
                .u32(modules)
                .u32((int) moduleList)
                .zeros(16) // symbols
                .u32(mapLength)
                .u32(area + GuestLayout.MULTIBOOT_MEMORY_MAP_OFFSET)
                .zeros(INFO_SIZE - 52);
    }

    private static byte[] gdt() {
        return new ByteWriter(24)
                .u64(0)
                .u64(0x00CF_9B00_0000_FFFFL)
                .u64(0x00CF_9300_0000_FFFFL)
                .toByteArray();
    }

    private InitialState entryState() {
        long[] general = new long[16];
        general[InitialState.RAX] = BOOTLOADER_MAGIC;
        general[InitialState.RBX] = area + GuestLayout.MULTIBOOT_INFO_OFFSET;
        general[InitialState.RSP] = area; // the specification leaves it undefined
        return new InitialState(
                general,
                kernel.entry(),
                new InitialState.Control(CR0_PROTECTED, 0, 0, 0, RESET_PAT),
                InitialState.Segments.of(
                        SegmentState.flatCode32(CODE),
                        SegmentState.flatData32(DATA),
                        SegmentState.resetLdt(),
                        SegmentState.resetTss()),
                new TableRegister(area + GuestLayout.MULTIBOOT_GDT_OFFSET, 23),
                new TableRegister(0, 0x3FF),
                machine.localApicAddress() | APIC_BASE_BSP,
                LocalApicState.virtualWire(false));
    }
}
