package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.FirmwareTables;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryMap;
import dev.carafe.firmware.MemoryRegion;
import dev.carafe.firmware.MemoryType;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.PicState;
import dev.carafe.firmware.ProcessorStart;
import dev.carafe.firmware.bytes.ByteWriter;
import dev.carafe.firmware.bytes.LittleEndian;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Boots an executable by the Limine protocol, base revisions 0 to 6. Memory is given out from the
 * top of low RAM downwards: kernel, stacks, files, page tables, responses.
 *
 * <p>Not modelled: KASLR and a randomised direct map; EFI, device trees, TPM event logs and
 * Flanterm parameters are left unanswered, as are the withdrawn terminal and 5-level paging
 * requests.
 */
public final class LimineBoot {
    /** Room for regions that allocations after the memory-map response was begun may add. */
    private static final int SPARE_REGIONS = 4;

    private final LimineContext context;
    private final FirmwareTables firmware;
    private long pageTables;
    private long arenaAddress;
    private List<MemoryRegion> memoryMap;

    private LimineBoot(LimineContext context, FirmwareTables firmware) {
        this.context = context;
        this.firmware = firmware;
    }

    /**
     * Whether the file has a base revision tag or a request in what it would load. Works on any
     * bytes.
     */
    public static boolean hasRequests(ElfFile elf) {
        if (!elf.is64() || elf.machine() != ElfFile.EM_X86_64) {
            return false;
        }
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.PT_LOAD && hasMagic(elf.bytes(), segment)) {
                return true;
            }
        }
        return false;
    }

    /** The tag and the requests are aligned in memory, not necessarily in the file. */
    private static boolean hasMagic(byte[] file, ElfSegment segment) {
        int start = (int) segment.offset() + (int) (-segment.virtualAddress() & 7);
        int end = (int) (segment.offset() + segment.fileSize()) - 16;
        for (int at = start; at <= end; at += 8) {
            byte low = file[at];
            if (low == (byte) LimineId.COMMON_0
                            && isPair(file, at, LimineId.COMMON_0, LimineId.COMMON_1)
                    || low == (byte) LimineId.BASE_REVISION_0
                            && isPair(
                                    file, at, LimineId.BASE_REVISION_0, LimineId.BASE_REVISION_1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPair(byte[] file, int at, long first, long second) {
        return LittleEndian.get64(file, at) == first && LittleEndian.get64(file, at + 8) == second;
    }

    /**
     * @param kernelName path that the kernel is told, and name for messages
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
        LimineKernel kernel =
                LimineKernel.load(ElfFile.parse(kernelFile, kernelName), machine.ramBytes());
        LimineRequests requests = LimineRequests.find(kernel);
        boolean fiveLevels = PagingMode.fiveLevels(kernel, requests, machine);
        MemoryMap memory =
                firmware.limineMap(
                        requests.baseRevision() >= 4
                                ? MemoryType.RESERVED_MAPPED
                                : MemoryType.RESERVED);
        LimineContext.LimineInput input =
                new LimineContext.LimineInput(kernelName, commandLine, modules, machine, options);
        LimineContext context = new LimineContext(input, kernel, requests, memory, fiveLevels);
        return new LimineBoot(context, firmware).build();
    }

    private BootImage build() throws BootException {
        LimineKernel kernel = context.kernel;
        context.segments.addAll(firmware.segments());
        context.kernelAddress =
                context.allocate(
                        kernel.size(),
                        kernel.alignment(),
                        MemoryType.EXECUTABLE_AND_MODULES,
                        false,
                        "the kernel");
        context.stackSize = PlainFeatures.stackSize(context.requests);
        long bspStackTop = MpFeature.allocateStack(context);
        PlainFeatures.answer(context);
        FileFeatures.answer(context);
        FramebufferFeature.answer(context);
        MpFeature mp = MpFeature.answer(context);
        buildPageTables();
        placeArena();
        context.requests.answerBaseRevision();
        addKernelSegments();
        LimineGdt gdt = LimineGdt.forBaseRevision(context.baseRevision());
        context.segments.add(new ImageSegment.Data(GuestLayout.LIMINE_GDT, gdt.bytes()));
        LimineEntryState entry = new LimineEntryState(context, gdt, pageTables, mp.x2Apic());
        InitialState bsp = entry.bsp(entryPoint(), bspStackTop);
        return new BootImage(
                "Limine",
                facts(),
                List.copyOf(context.segments),
                bsp,
                applicationProcessors(mp, entry),
                memoryMap,
                PicState.MASKED,
                kernel.slide());
    }

    private long entryPoint() {
        int request = context.requests.find(LimineId.ENTRY_POINT, 8);
        return request < 0
                ? context.kernel.entry()
                : context.requests.field(request, LimineRequests.EXTRAS);
    }

    private void buildPageTables() throws BootException {
        DirectMap directMap = new DirectMap(context.baseRevision(), context.memory.regions());
        long span = directMap.spanTop();
        long limit = 1L << (context.fiveLevels ? 55 : 46);
        if (span > limit || span > 1L << context.machine.physicalAddressBits()) {
            throw new BootException(
                    "guest memory up to "
                            + BootException.hex(span)
                            + " does not fit into the higher-half direct map or the processor's "
                            + context.machine.physicalAddressBits()
                            + " physical address bits");
        }
        PageTables tables =
                new PageTables(
                        context.memory, context.fiveLevels, context.machine.hasGigabytePages());
        directMap.build(tables, context.hhdm);
        for (LimineKernel.Range range : context.kernel.ranges()) {
            long flags = (range.flags() & ElfSegment.PF_W) != 0 ? PageTables.WRITABLE : 0;
            if ((range.flags() & ElfSegment.PF_X) == 0) {
                flags |= PageTables.NO_EXECUTE;
            }
            tables.map(
                    context.kernel.virtualBase() + range.offset(),
                    context.kernelAddress + range.offset(),
                    range.length(),
                    flags,
                    false);
        }
        pageTables = tables.rootAddress();
        context.segments.addAll(tables.segments());
    }

    /**
     * The memory map describes the arena that it lies in, so its room is set aside before and
     * filled in after.
     */
    private void placeArena() throws BootException {
        ResponseArena arena = context.arena;
        int request = context.requests.find(LimineId.MEMORY_MAP, 0);
        int entries = -1;
        int room = 0;
        int count = -1;
        if (request >= 0) {
            room = context.memory.regions().size() + SPARE_REGIONS;
            entries = arena.begin();
            arena.out().zeros(room * 24);
            int array = arena.begin();
            for (int i = 0; i < room; i++) {
                arena.pointer(entries + 24 * i);
            }
            arena.beginResponse(request, 0);
            count = arena.size();
            arena.out().u64(0);
            arena.pointer(array);
        }
        arenaAddress = context.allocateReclaimable(Math.max(1, arena.size()), "loader responses");
        memoryMap = context.memory.regions();
        if (request >= 0) {
            fillMemoryMap(arena.out(), entries, count);
        }
        context.segments.add(
                new ImageSegment.Data(arenaAddress, arena.resolve(context.hhdm + arenaAddress)));
    }

    private void fillMemoryMap(ByteWriter out, int entries, int count) {
        out.patch64(count, memoryMap.size());
        for (int i = 0; i < memoryMap.size(); i++) {
            MemoryRegion region = memoryMap.get(i);
            int at = entries + 24 * i;
            out.patch64(at, region.base());
            out.patch64(at + 8, region.length());
            out.patch64(at + 16, region.type().limine());
        }
    }

    private void addKernelSegments() {
        byte[] bytes = context.kernel.image().bytes();
        long size = context.kernel.size();
        context.segments.add(new ImageSegment.Data(context.kernelAddress, bytes));
        long rest = (size + GuestLayout.PAGE - 1 & -GuestLayout.PAGE) - bytes.length;
        if (rest > 0) {
            context.segments.add(
                    new ImageSegment.Zeros(context.kernelAddress + bytes.length, rest));
        }
    }

    private List<ProcessorStart> applicationProcessors(MpFeature mp, LimineEntryState entry) {
        List<ProcessorStart> starts = new ArrayList<>();
        int next = 0;
        for (int cpu = 1; cpu < context.machine.cpus().size(); cpu++) {
            if (next < mp.parked().size() && mp.parked().get(next).cpu().index() == cpu) {
                MpFeature.Parked parked = mp.parked().get(next++);
                long structure = arenaAddress + parked.structure();
                starts.add(
                        new ProcessorStart.ParkedCpu(
                                cpu,
                                structure + MpFeature.GOTO_ADDRESS,
                                entry.applicationProcessor(
                                        context.hhdm + structure, parked.stackTop())));
            } else {
                starts.add(new ProcessorStart.WaitForSipi(cpu));
            }
        }
        return List.copyOf(starts);
    }

    private BootImage.Facts facts() {
        return new BootImage.Facts()
                .add("kernel", context.kernelPath)
                .add("base revision", context.baseRevision())
                .add("requests", context.requests.count())
                .add("entry point", entryPoint())
                .add("kernel virtual base", context.kernel.virtualBase())
                .add("kernel physical base", context.kernelAddress)
                .add("kernel size", context.kernel.size())
                .add("HHDM offset", context.hhdm)
                .add("page tables", pageTables)
                .add("responses", arenaAddress)
                .add("RSDP", GuestLayout.RSDP);
    }
}
