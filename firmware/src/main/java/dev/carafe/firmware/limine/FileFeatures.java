package dev.carafe.firmware.limine;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.MemoryType;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The executable's own file, modules of the user, and modules that the kernel names itself
 * (PROTOCOL, "Executable File Feature", "Module Feature", "File Structure").
 *
 * <p>Not modelled: compressed internal modules, which the protocol has withdrawn; disks, so all
 * identifiers are zero.
 */
final class FileFeatures {
    private static final int INTERNAL_COUNT = LimineRequests.EXTRAS;
    private static final int INTERNAL_MODULES = LimineRequests.EXTRAS + 8;
    private static final int REQUIRED = 1;
    private static final int COMPRESSED = 2;
    private static final int MAX_INTERNAL_MODULES = 4096;

    private final LimineContext context;
    private final ResponseArena arena;

    private FileFeatures(LimineContext context) {
        this.context = context;
        arena = context.arena;
    }

    static void answer(LimineContext context) throws BootException {
        FileFeatures features = new FileFeatures(context);
        features.executableFile();
        features.modules();
    }

    /** Both features that show the command line show the same bytes. */
    static int commandLine(LimineContext context) {
        if (context.commandLineAt < 0) {
            context.commandLineAt = context.arena.string(context.commandLine);
        }
        return context.commandLineAt;
    }

    private void executableFile() throws BootException {
        int request = context.requests.find(LimineId.EXECUTABLE_FILE, 0);
        if (request < 0) {
            return;
        }
        byte[] bytes = context.kernel.elf().bytes();
        long address = context.allocateReclaimable(bytes.length, "the kernel file");
        context.segments.add(new ImageSegment.Data(address, bytes));
        int file =
                file(address, bytes.length, arena.string(context.kernelPath), commandLine(context));
        arena.beginResponse(request, 0);
        arena.pointer(file);
    }

    private void modules() throws BootException {
        int request = context.requests.find(LimineId.MODULE, 0);
        if (request < 0) {
            return;
        }
        List<ModuleFile> files = new ArrayList<>();
        internalModules(request, files);
        files.addAll(context.modules);
        if (files.isEmpty()) {
            return; // no modules, no response
        }
        int[] structures = new int[files.size()];
        for (int i = 0; i < structures.length; i++) {
            structures[i] = module(files.get(i));
        }
        int array = arena.begin();
        for (int structure : structures) {
            arena.pointer(structure);
        }
        arena.beginResponse(request, 2);
        arena.out().u64(structures.length);
        arena.pointer(array);
    }

    private int module(ModuleFile file) throws BootException {
        byte[] bytes = file.bytes();
        long size = Math.max(1, bytes.length); // an empty module still has an address of its own
        long address =
                context.allocate(
                        size,
                        GuestLayout.PAGE,
                        MemoryType.EXECUTABLE_AND_MODULES,
                        true,
                        "module ".concat(file.path()));
        if (bytes.length > 0) {
            context.segments.add(new ImageSegment.Data(address, bytes));
        }
        int path = arena.string(LimineContext.path(file.path()));
        return file(address, bytes.length, path, arena.string(file.commandLine()));
    }

    private int file(long address, long size, int path, int commandLine) {
        int at = arena.begin();
        ByteWriter out = arena.out();
        out.u64(0).u64(context.hhdm + address).u64(size);
        arena.pointer(path);
        arena.pointer(commandLine);
        out.zeros(112 - 40); // generic medium, no network, no partition
        return at;
    }

    private void internalModules(int request, List<ModuleFile> files) throws BootException {
        if (!context.requests.hasRevision1(request, 16)) {
            return;
        }
        long count = context.requests.field(request, INTERNAL_COUNT);
        if (count < 0 || count > MAX_INTERNAL_MODULES) {
            throw context.kernel
                    .elf()
                    .broken("asks for " + Long.toUnsignedString(count) + " internal modules");
        }
        if (count == 0) {
            return;
        }
        long array =
                offset(
                        context.requests.field(request, INTERNAL_MODULES),
                        count * 8,
                        "internal module array");
        for (int i = 0; i < count; i++) {
            long pointer = context.kernel.image().get64(array + 8L * i);
            internalModule(offset(pointer, 24, "internal module"), files);
        }
    }

    private void internalModule(long at, List<ModuleFile> files) throws BootException {
        String path = string(context.kernel.image().get64(at));
        String commandLine = string(context.kernel.image().get64(at + 8));
        long flags = context.kernel.image().get64(at + 16);
        if ((flags & COMPRESSED) != 0) {
            throw context.kernel
                    .elf()
                    .broken(
                            "asks for the compressed internal module '"
                                    + path
                                    + "', which the protocol no longer has");
        }
        byte[] bytes = context.options.moduleSource().read(path);
        if (bytes != null) {
            files.add(new ModuleFile(pathBesideKernel(path), commandLine, bytes));
        } else if ((flags & REQUIRED) != 0) {
            throw context.kernel
                    .elf()
                    .broken("requires the internal module '" + path + "', which does not exist");
        }
    }

    private String pathBesideKernel(String path) {
        int slash = context.kernelPath.lastIndexOf('/');
        String relative = path.startsWith("/") ? path.substring(1) : path;
        return context.kernelPath.substring(0, slash + 1).concat(relative);
    }

    private String string(long pointer) throws BootException {
        if (pointer == 0) {
            return "";
        }
        String text = context.kernel.image().string(offset(pointer, 1, "string"));
        if (text == null) {
            throw context.kernel
                    .elf()
                    .broken("has a string at " + hex(pointer) + " that does not end in its image");
        }
        return text;
    }

    private long offset(long pointer, long length, String what) throws BootException {
        long offset = context.kernel.offsetOf(pointer, length);
        if (offset < 0) {
            throw context.kernel
                    .elf()
                    .broken(
                            "points to an "
                                    + what
                                    + " at "
                                    + hex(pointer)
                                    + ", outside of its image");
        }
        return offset;
    }
}
