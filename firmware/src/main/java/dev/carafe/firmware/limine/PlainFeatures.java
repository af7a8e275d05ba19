package dev.carafe.firmware.limine;

import dev.carafe.firmware.EntropyStream;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.bytes.ByteWriter;

/** Features whose answer is a few numbers or strings (PROTOCOL, "Feature List"). */
final class PlainFeatures {
    private static final long LEAST_STACK = 0x1_0000;
    private static final long BIOS = 0; // firmware type
    private static final long MAX_ENTROPY_WORDS = 4096;

    // Microseconds since reset; the same in every run
    private static final long LOADER_STARTED = 1;
    private static final long KERNEL_STARTED = 2;

    private final LimineContext context;
    private final LimineRequests requests;
    private final ResponseArena arena;

    private PlainFeatures(LimineContext context) {
        this.context = context;
        requests = context.requests;
        arena = context.arena;
    }

    static void answer(LimineContext context) {
        PlainFeatures features = new PlainFeatures(context);
        features.bootloaderInfo();
        features.commandLine();
        features.numbers();
        features.addresses();
        features.tables();
        features.stackSize();
        features.pagingMode();
        features.entropy();
    }

    /** Begins the response to a request, if the kernel made it. */
    private ByteWriter respond(long request) {
        int at = requests.find(request, 0);
        if (at < 0) {
            return null;
        }
        arena.beginResponse(at, 0);
        return arena.out();
    }

    private void bootloaderInfo() {
        if (!requests.has(LimineId.BOOTLOADER_INFO, 0)) {
            return;
        }
        int name = arena.string(context.options.loaderName());
        int version = arena.string(context.options.loaderVersion());
        respond(LimineId.BOOTLOADER_INFO);
        arena.pointer(name);
        arena.pointer(version);
    }

    private void commandLine() {
        if (requests.has(LimineId.EXECUTABLE_CMDLINE, 0)) {
            int text = FileFeatures.commandLine(context);
            respond(LimineId.EXECUTABLE_CMDLINE);
            arena.pointer(text);
        }
    }

    private void numbers() {
        number(LimineId.FIRMWARE_TYPE, BIOS);
        number(LimineId.HHDM, context.hhdm);
        number(LimineId.DATE_AT_BOOT, context.machine.bootTime());
        number(LimineId.TSC_FREQUENCY, context.machine.tscHertz());
        ByteWriter performance = respond(LimineId.PERFORMANCE);
        if (performance != null) {
            performance.u64(0).u64(LOADER_STARTED).u64(KERNEL_STARTED);
        }
        respond(LimineId.KEEP_IOMMU); // there is none
        if (requests.has(LimineId.ENTRY_POINT, 8)) {
            respond(LimineId.ENTRY_POINT);
        }
    }

    private void number(long request, long value) {
        ByteWriter out = respond(request);
        if (out != null) {
            out.u64(value);
        }
    }

    private void addresses() {
        ByteWriter out = respond(LimineId.EXECUTABLE_ADDRESS);
        if (out != null) {
            out.u64(context.kernelAddress).u64(context.kernel.virtualBase());
        }
    }

    /** RSDP: physical in revision 3 only. SMBIOS: physical in revisions 3 and 4. */
    private void tables() {
        int revision = context.baseRevision();
        number(LimineId.RSDP, GuestLayout.RSDP + (revision == 3 ? 0 : context.hhdm));
        ByteWriter out = respond(LimineId.SMBIOS);
        if (out != null) {
            long offset = revision == 3 || revision == 4 ? 0 : context.hhdm;
            out.u64(GuestLayout.SMBIOS_ENTRY_32 + offset).u64(GuestLayout.SMBIOS_ENTRY_64 + offset);
        }
    }

    private void stackSize() {
        if (requests.has(LimineId.STACK_SIZE, 8)) {
            respond(LimineId.STACK_SIZE);
        }
    }

    /**
     * Bytes of every processor's stack. A negative size is as large as it looks and is refused when
     * allocated.
     */
    static long stackSize(LimineRequests requests) {
        int request = requests.find(LimineId.STACK_SIZE, 8);
        if (request < 0) {
            return LEAST_STACK;
        }
        long asked = requests.field(request, LimineRequests.EXTRAS);
        return Long.compareUnsigned(asked, LEAST_STACK) <= 0 ? LEAST_STACK : asked + 15 & -16;
    }

    private void pagingMode() {
        if (requests.has(LimineId.PAGING_MODE, 8)) {
            number(LimineId.PAGING_MODE, context.fiveLevels ? 1 : 0);
        }
    }

    private void entropy() {
        int request = requests.find(LimineId.ENTROPY, 8);
        if (request < 0) {
            return;
        }
        long asked = requests.field(request, LimineRequests.EXTRAS);
        int count =
                (int)
                        (Long.compareUnsigned(asked, MAX_ENTROPY_WORDS) > 0
                                ? MAX_ENTROPY_WORDS
                                : asked);
        int values = arena.begin();
        EntropyStream entropy = new EntropyStream(context.options.entropySeed());
        for (int i = 0; i < count; i++) {
            arena.out().u64(entropy.next());
        }
        arena.beginResponse(request, 0);
        arena.out().u64(count);
        if (count > 0) {
            arena.pointer(values);
        } else {
            arena.out().u64(0);
        }
    }
}
