package dev.carafe.firmware.linux;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.EntropyStream;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Boots a bzImage: by its 64-bit entry if it has one, else by its 32-bit entry ("The Linux/x86 Boot
 * Protocol").
 *
 * <p>Not modelled: the real-mode entry, kernels and initrds above 4 GiB, device trees.
 */
public final class BzImageLoader {
    private static final int ENTRY_64 = 0x200;
    private static final int SETUP_RNG_SEED = 9;
    private static final int SEED_BYTES = 32;

    private static final long CR0_PROTECTED = 0x11; // ET, PE
    private static final long CR0_PAGED = 0x8000_0011L; // PG, ET, PE
    private static final long CR4_PAE = 0x20;
    private static final long EFER_LONG_MODE = 0x500; // LMA, LME
    private static final long RESET_PAT = 0x0007_0406_0007_0406L;
    private static final long APIC_BASE_BSP = 0x900;
    private static final int CODE_64_ATTRIBUTES = 0xA09B;
    private static final int WHOLE = 0xFFFF_FFFF;

    private final MachineDescription machine;
    private final FirmwareTables firmware;
    private final BzImage kernel;
    private final String name;
    private final List<ImageSegment> segments = new ArrayList<>();
    private final BootImage.Facts facts = new BootImage.Facts();
    private final long loadAddress;

    private BzImageLoader(MachineDescription machine, BzImage kernel, String name)
            throws BootException {
        this.machine = machine;
        this.kernel = kernel;
        this.name = name;
        firmware = new FirmwareTables(machine);
        loadAddress = chooseAddress();
    }

    public static boolean accepts(byte[] file) {
        return BzImage.isBzImage(file);
    }

    public static BootImage load(
            byte[] kernelFile,
            String kernelName,
            String commandLine,
            List<ModuleFile> modules,
            MachineDescription machine,
            BootOptions options)
            throws BootException {
        BzImage kernel = BzImage.parse(kernelFile, kernelName);
        BzImageLoader loader = new BzImageLoader(machine, kernel, kernelName);
        return loader.build(kernelFile, commandLine, modules, options);
    }

    /** Where the kernel prefers to be, or the lowest place that it accepts. */
    private long chooseAddress() throws BootException {
        long need = kernel.memoryNeeded();
        long end = firmware.usableLowEnd();
        long preferred = kernel.preferredAddress();
        if (fits(preferred, need, end)) {
            return preferred;
        }
        long lowest = GuestLayout.ONE_MIB + kernel.alignment() - 1 & -kernel.alignment();
        if (kernel.isRelocatable() && fits(lowest, need, end)) {
            return lowest;
        }
        throw new BootException(
                "'"
                        + name
                        + "' needs "
                        + hex(need)
                        + " bytes of memory at "
                        + hex(kernel.isRelocatable() ? lowest : preferred)
                        + ", which do not fit into guest RAM below "
                        + hex(end));
    }

    private static boolean fits(long start, long need, long end) {
        return start >= GuestLayout.ONE_MIB && start <= end && need <= end - start;
    }

    private BootImage build(
            byte[] file, String commandLine, List<ModuleFile> modules, BootOptions options)
            throws BootException {
        boolean wide = kernel.has64BitEntry();
        facts.add("boot protocol", kernel.protocol()).add("load address", loadAddress);
        facts.add("entry point", entry(wide));
        segments.addAll(firmware.segments());
        segments.add(
                new ImageSegment.Data(loadAddress, file, kernel.codeOffset(), kernel.codeLength()));
        BootParameters parameters = new BootParameters();
        parameters.header(kernel, loadAddress, LowArea.COMMAND_LINE);
        placeCommandLine(commandLine);
        placeInitrd(parameters, InitialRamDisk.of(modules));
        List<MemoryRegion> map = firmware.addressMap().regions();
        parameters.firmware(map, firmware.usableLowEnd());
        if (machine.framebuffer() != null) {
            parameters.screen(machine.framebuffer());
        }
        parameters.setupData(LowArea.SETUP_DATA);
        segments.add(new ImageSegment.Data(LowArea.SETUP_DATA, seed(options.entropySeed())));
        segments.add(new ImageSegment.Data(LowArea.START, parameters.bytes()));
        segments.add(new ImageSegment.Data(LowArea.GDT, LowArea.gdt(wide)));
        if (wide) {
            segments.add(new ImageSegment.Data(LowArea.PAGE_TABLES, LowArea.pageTables()));
        }
        return new BootImage(
                "Linux",
                facts,
                List.copyOf(segments),
                wide ? state64() : state32(),
                waiting(machine),
                map,
                PicState.BIOS,
                0);
    }

    static List<ProcessorStart> waiting(MachineDescription machine) {
        List<ProcessorStart> others = new ArrayList<>();
        for (int cpu = 1; cpu < machine.cpus().size(); cpu++) {
            others.add(new ProcessorStart.WaitForSipi(cpu));
        }
        return List.copyOf(others);
    }

    private void placeCommandLine(String commandLine) throws BootException {
        int length = commandLine.getBytes(StandardCharsets.UTF_8).length;
        long most = Math.min(kernel.commandLineSize(), LowArea.END - LowArea.COMMAND_LINE - 1);
        if (length > most) {
            throw new BootException(
                    "the command line has "
                            + length
                            + " bytes, '"
                            + name
                            + "' takes at most "
                            + most);
        }
        byte[] bytes = new ByteWriter(length + 1).string(commandLine).toByteArray();
        segments.add(new ImageSegment.Data(LowArea.COMMAND_LINE, bytes));
    }

    private void placeInitrd(BootParameters parameters, InitialRamDisk initrd)
            throws BootException {
        if (initrd.isEmpty()) {
            return;
        }
        long end = Math.min(firmware.usableLowEnd(), kernel.highestInitrdAddress() + 1);
        long start = initrd.place(loadAddress + kernel.memoryNeeded(), end);
        facts.add("initrd", start);
        segments.add(new ImageSegment.Data(start, initrd.bytes()));
        parameters.ramDisk(start, initrd.bytes().length);
    }

    /** struct setup_data of type SETUP_RNG_SEED, the only one of its list. */
    private static byte[] seed(long entropySeed) {
        EntropyStream entropy = new EntropyStream(entropySeed);
        ByteWriter out = new ByteWriter(48).u64(0).u32(SETUP_RNG_SEED).u32(SEED_BYTES);
        for (int i = 0; i < SEED_BYTES / Long.BYTES; i++) {
            out.u64(entropy.next());
        }
        return out.toByteArray();
    }

    private long entry(boolean wide) {
        return loadAddress + (wide ? ENTRY_64 : 0);
    }

    private InitialState state64() {
        SegmentState code = new SegmentState(LowArea.CODE, 0, WHOLE, CODE_64_ATTRIBUTES);
        InitialState.Control control =
                new InitialState.Control(
                        CR0_PAGED, LowArea.PAGE_TABLES, CR4_PAE, EFER_LONG_MODE, RESET_PAT);
        return state(entry(true), control, code);
    }

    private InitialState state32() {
        InitialState.Control control = new InitialState.Control(CR0_PROTECTED, 0, 0, 0, RESET_PAT);
        return state(entry(false), control, SegmentState.flatCode32(LowArea.CODE));
    }

    private InitialState state(long rip, InitialState.Control control, SegmentState code) {
        long[] general = new long[16];
        general[InitialState.RSI] = LowArea.START;
        general[InitialState.RSP] = LowArea.COMMAND_LINE; // the protocol leaves it undefined
        return new InitialState(
                general,
                rip,
                control,
                InitialState.Segments.of(
                        code,
                        SegmentState.flatData32(LowArea.DATA),
                        SegmentState.resetLdt(),
                        SegmentState.resetTss()),
                new TableRegister(LowArea.GDT, 31),
                new TableRegister(0, 0x3FF),
                machine.localApicAddress() | APIC_BASE_BSP,
                LocalApicState.virtualWire(false));
    }
}
