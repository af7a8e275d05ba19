package dev.carafe.firmware.limine;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MemoryMap;
import dev.carafe.firmware.MemoryType;
import dev.carafe.firmware.ModuleFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What all features of one boot share while the image is being made. Used by one thread and then
 * forgotten.
 */
final class LimineContext {
    final MachineDescription machine;
    final BootOptions options;
    final String kernelPath;
    final String commandLine;
    final List<ModuleFile> modules;
    final LimineKernel kernel;
    final LimineRequests requests;
    final MemoryMap memory;
    final ResponseArena arena;
    final List<ImageSegment> segments = new ArrayList<>();
    final boolean fiveLevels;
    final long hhdm;
    long kernelAddress;
    long stackSize;
    int commandLineAt = -1;

    LimineContext(
            LimineInput input,
            LimineKernel kernel,
            LimineRequests requests,
            MemoryMap memory,
            boolean fiveLevels) {
        machine = input.machine();
        options = input.options();
        kernelPath = path(input.kernelName());
        commandLine = input.commandLine();
        modules = input.modules();
        this.kernel = kernel;
        this.requests = requests;
        this.memory = memory;
        this.fiveLevels = fiveLevels;
        arena = new ResponseArena(kernel.image());
        hhdm = fiveLevels ? GuestLayout.HHDM_5_LEVEL : GuestLayout.HHDM_4_LEVEL;
    }

    /** The user's side of a boot. */
    record LimineInput(
            String kernelName,
            String commandLine,
            List<ModuleFile> modules,
            MachineDescription machine,
            BootOptions options) {}

    static String path(String name) {
        return name.startsWith("/") ? name : "/".concat(name);
    }

    int baseRevision() {
        return requests.baseRevision();
    }

    /** Page-aligned memory that the kernel may take over when it is done with the loader's data. */
    long allocateReclaimable(long size, String what) throws BootException {
        return allocate(size, GuestLayout.PAGE, MemoryType.BOOTLOADER_RECLAIMABLE, false, what);
    }

    long allocate(long size, long alignment, MemoryType type, boolean highMemoryToo, String what)
            throws BootException {
        long address = memory.allocate(size, alignment, type, highMemoryToo);
        if (address < 0) {
            throw new BootException(
                    "guest RAM of "
                            + machine.ramBytes() / (1 << 20)
                            + " MiB has no room for the "
                            + size
                            + " bytes of "
                            + what);
        }
        return address;
    }
}
