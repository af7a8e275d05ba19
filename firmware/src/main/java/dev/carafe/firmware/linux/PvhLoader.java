package dev.carafe.firmware.linux;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.FirmwareTables;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.LocalApicState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.PhysicalPlacement;
import dev.carafe.firmware.PicState;
import dev.carafe.firmware.SegmentState;
import dev.carafe.firmware.TableRegister;
import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.bytes.LittleEndian;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Boots an ELF file with a note of type XEN_ELFNOTE_PHYS32_ENTRY, such as vmlinux, by the x86/HVM
 * direct boot ABI (PVH).
 */
public final class PvhLoader {
    private static final int PHYS32_ENTRY = 18;
    private static final byte[] OWNER = {'X', 'e', 'n', 0};
    private static final int NOTE_HEADER = 12;

    private static final int START_INFO_MAGIC = 0x336E_C578;
    private static final int VERSION = 1;
    private static final int START_INFO = LowArea.START;
    private static final int MODULE_LIST = LowArea.START + 0x40;
    private static final int MEMORY_MAP = LowArea.START + 0x80;

    private static final long CR0_PROTECTED = 0x11; // ET, PE
    private static final long RESET_PAT = 0x0007_0406_0007_0406L;
    private static final long APIC_BASE_BSP = 0x900;
    private static final SegmentState TSS = new SegmentState(0, 0, 0x67, 0x8B);

    private final MachineDescription machine;
    private final FirmwareTables firmware;
    private final String name;
    private final PhysicalPlacement placement;
    private final List<ImageSegment> segments = new ArrayList<>();

    private PvhLoader(MachineDescription machine, byte[] file, String name) throws BootException {
        this.machine = machine;
        this.name = name;
        firmware = new FirmwareTables(machine);
        placement = new PhysicalPlacement(file, name, firmware.usableLowEnd());
    }

    /** Whether the file is for this processor and has the note. */
    public static boolean accepts(ElfFile elf) {
        return elf.machine() == (elf.is64() ? ElfFile.EM_X86_64 : ElfFile.EM_386)
                && noteAt(elf) >= 0;
    }

    public static BootImage load(
            byte[] kernelFile,
            String kernelName,
            String commandLine,
            List<ModuleFile> modules,
            MachineDescription machine)
            throws BootException {
        ElfFile elf = ElfFile.parse(kernelFile, kernelName);
        return new PvhLoader(machine, kernelFile, kernelName).build(elf, commandLine, modules);
    }

    /** Where the entry point stands in the file, or −1. */
    private static int noteAt(ElfFile elf) {
        byte[] file = elf.bytes();
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() != ElfSegment.PT_NOTE
                    || segment.offset() < 0
                    || segment.fileSize() < 0
                    || segment.fileSize() > file.length
                    || segment.offset() > file.length - segment.fileSize()) {
                continue;
            }
            int padding = segment.alignment() == Long.BYTES ? Long.BYTES : Integer.BYTES;
            long end = segment.offset() + segment.fileSize();
            for (long at = segment.offset(); at + NOTE_HEADER <= end; ) {
                Note note = Note.at(file, (int) at, padding);
                if (note.type() == PHYS32_ENTRY && note.isFrom(file, OWNER, end)) {
                    return (int) note.description();
                }
                at = note.end();
            }
        }
        return -1;
    }

    private BootImage build(ElfFile elf, String commandLine, List<ModuleFile> modules)
            throws BootException {
        placement.placeElf(elf);
        if (!placement.isFree(LowArea.START, LowArea.END - LowArea.START)) {
            throw new BootException(
                    "'"
                            + name
                            + "' loads a segment between "
                            + hex(LowArea.START)
                            + " and "
                            + hex(LowArea.END)
                            + ", where boot information lies");
        }
        long entry = LittleEndian.get32(elf.bytes(), noteAt(elf)) & 0xFFFF_FFFFL;
        segments.addAll(firmware.segments());
        segments.addAll(placement.segments());
        BootImage.Facts facts = new BootImage.Facts().add("entry point", entry);
        placeCommandLine(commandLine);
        boolean module = placeModule(InitialRamDisk.of(modules), facts);
        List<MemoryRegion> map = firmware.addressMap().regions();
        segments.add(new ImageSegment.Data(MEMORY_MAP, memoryMap(map)));
        segments.add(new ImageSegment.Data(START_INFO, startInfo(module, map.size())));
        segments.add(new ImageSegment.Data(LowArea.GDT, LowArea.gdt(false)));
        return new BootImage(
                "PVH",
                facts,
                List.copyOf(segments),
                entryState(entry),
                BzImageLoader.waiting(machine),
                map,
                PicState.BIOS,
                0);
    }

    private void placeCommandLine(String commandLine) throws BootException {
        int length = commandLine.getBytes(StandardCharsets.UTF_8).length;
        int most = LowArea.END - LowArea.COMMAND_LINE - 1;
        if (length > most) {
            throw new BootException(
                    "the command line has " + length + " bytes, at most " + most + " fit");
        }
        byte[] bytes = new ByteWriter(length + 1).string(commandLine).toByteArray();
        segments.add(new ImageSegment.Data(LowArea.COMMAND_LINE, bytes));
    }

    private boolean placeModule(InitialRamDisk initrd, BootImage.Facts facts) throws BootException {
        if (initrd.isEmpty()) {
            return false;
        }
        long from = Math.max(placement.end(), GuestLayout.ONE_MIB);
        long start = initrd.place(from, firmware.usableLowEnd());
        facts.add("initrd", start);
        segments.add(new ImageSegment.Data(start, initrd.bytes()));
        byte[] list =
                new ByteWriter(32)
                        .u64(start)
                        .u64(initrd.bytes().length)
                        .zeros(16) // command line, reserved
                        .toByteArray();
        segments.add(new ImageSegment.Data(MODULE_LIST, list));
        return true;
    }

    private static byte[] startInfo(boolean module, int regions) {
        return new ByteWriter(56)
                .u32(START_INFO_MAGIC)
                .u32(VERSION)
                .u32(0) // flags
                .u32(module ? 1 : 0)
                .u64(module ? MODULE_LIST : 0)
                .u64(LowArea.COMMAND_LINE)
                .u64(GuestLayout.RSDP)
                .u64(MEMORY_MAP)
                .u32(regions)
                .u32(0)
                .toByteArray();
    }

    private static byte[] memoryMap(List<MemoryRegion> map) {
        ByteWriter out = new ByteWriter(map.size() * 24);
        for (MemoryRegion region : map) {
            out.u64(region.base()).u64(region.length()).u32(region.type().e820()).u32(0);
        }
        return out.toByteArray();
    }

    private InitialState entryState(long entry) {
        long[] general = new long[16];
        general[InitialState.RBX] = START_INFO;
        general[InitialState.RSP] = LowArea.COMMAND_LINE; // the protocol leaves it undefined
        return new InitialState(
                general,
                entry,
                new InitialState.Control(CR0_PROTECTED, 0, 0, 0, RESET_PAT),
                InitialState.Segments.of(
                        SegmentState.flatCode32(LowArea.CODE),
                        SegmentState.flatData32(LowArea.DATA),
                        SegmentState.resetLdt(),
                        TSS),
                new TableRegister(LowArea.GDT, 31),
                new TableRegister(0, 0x3FF),
                machine.localApicAddress() | APIC_BASE_BSP,
                LocalApicState.virtualWire(false));
    }
}
