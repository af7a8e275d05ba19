package dev.carafe.tools.board;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.FirmwareRom;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.ModuleSource;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.tools.media.BootMedium;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a boot, read from the host.
 *
 * @param firmware what the processors start in instead of a loaded kernel
 * @param kernel content of the kernel's file; empty when firmware boots
 * @param kernelName its path as the user wrote it
 * @param modules the files beside it
 * @param internalModules finds files that the kernel itself asks for, beside its own
 * @param commandLine the kernel's command line where a boot loader's configuration gave it
 * @param notes what the user should know about where the kernel came from, one sentence each
 */
public record BootFiles(
        Optional<FirmwareRom> firmware,
        byte[] kernel,
        String kernelName,
        List<ModuleFile> modules,
        ModuleSource internalModules,
        Optional<String> commandLine,
        List<String> notes) {
    private static final String EMBEDDED = "dev/carafe/guest/kernel.elf";
    private static final String EMBEDDED_NAME = "embedded kernel";
    private static final int LINUX_MARK = 0x202; // header magic of a bzImage

    public BootFiles {
        modules = List.copyOf(modules);
        notes = List.copyOf(notes);
    }

    /** For a kernel whose command line the configuration has. */
    public BootFiles(
            Optional<FirmwareRom> firmware,
            byte[] kernel,
            String kernelName,
            List<ModuleFile> modules,
            ModuleSource internalModules) {
        this(firmware, kernel, kernelName, modules, internalModules, Optional.empty(), List.of());
    }

    /**
     * Reads everything that a boot source names.
     *
     * @throws BootException when a file cannot be read
     */
    public static BootFiles read(BootSource boot) throws BootException {
        if (boot.firmware().isPresent()) {
            Path path = boot.firmware().get();
            FirmwareRom rom = FirmwareRom.of(file("firmware", path), path.toString());
            return new BootFiles(
                    Optional.of(rom), new byte[0], path.toString(), List.of(), ModuleSource.NONE);
        }
        if (!boot.media().isEmpty()) {
            return fromMedium(boot);
        }
        List<ModuleFile> modules = modules(boot);
        if (boot.kernel().isEmpty()) {
            return new BootFiles(
                    Optional.empty(), embedded(), EMBEDDED_NAME, modules, ModuleSource.NONE);
        }
        return plain(boot.kernel().get(), modules);
    }

    /** Of several media the first that boots, else what the first lacks. */
    private static BootFiles fromMedium(BootSource boot) throws BootException {
        BootException first = null;
        for (Path medium : boot.media()) {
            try {
                return isKernel(medium) ? plain(medium, modules(boot)) : booted(medium);
            } catch (BootException e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    private static List<ModuleFile> modules(BootSource boot) throws BootException {
        List<ModuleFile> modules = new ArrayList<>();
        for (BootSource.Module module : boot.modules()) {
            byte[] content = file("module", module.file());
            modules.add(new ModuleFile(module.file().toString(), module.commandLine(), content));
        }
        return modules;
    }

    private static BootFiles plain(Path path, List<ModuleFile> modules) throws BootException {
        Path folder = path.toAbsolutePath().getParent();
        ModuleSource beside = name -> beside(folder, name);
        return new BootFiles(
                Optional.empty(), file("kernel", path), path.toString(), modules, beside);
    }

    private static BootFiles booted(Path path) throws BootException {
        BootMedium medium = BootMedium.read(path);
        String note =
                "the machine has no drives: "
                        + medium.origin()
                        + " is loaded from "
                        + path
                        + " without its boot loader";
        return new BootFiles(
                Optional.empty(),
                medium.kernel(),
                medium.kernelName(),
                medium.modules(),
                ModuleSource.NONE,
                Optional.of(medium.commandLine()),
                List.of(note));
    }

    /** Whether a file that was named as an image is a kernel by itself: ELF, or Linux. */
    private static boolean isKernel(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] start = stream.readNBytes(LINUX_MARK + 4);
            return ElfFile.isElf(start)
                    || start.length == LINUX_MARK + 4
                            && new String(start, LINUX_MARK, 4, StandardCharsets.ISO_8859_1)
                                    .equals("HdrS");
        } catch (IOException e) {
            return false; // who reads it next says so
        }
    }

    private static byte[] embedded() throws BootException {
        try (InputStream stream = BootFiles.class.getClassLoader().getResourceAsStream(EMBEDDED)) {
            if (stream == null) {
                throw new BootException(
                        "this build of Carafe has no kernel of its own, name one with -kernel");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new BootException("the embedded kernel cannot be read: " + e.getMessage());
        }
    }

    private static byte[] file(String role, Path path) throws BootException {
        try {
            return Files.readAllBytes(path);
        } catch (IOException | OutOfMemoryError e) {
            // in QEMU's words: test runners try a kernel that is not there, and look for them
            throw new BootException(
                    "could not open " + role + " file '" + path + "': " + reason(path, e));
        }
    }

    private static String reason(Path path, Throwable e) {
        if (Files.isDirectory(path)) {
            return "it is a directory";
        }
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case OutOfMemoryError _ -> "it is too large";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** A file named by a kernel: beside or below the kernel's own, never elsewhere. */
    private static byte[] beside(Path folder, String name) {
        try {
            Path root = folder.toRealPath();
            Path wanted = root.resolve(name.replaceFirst("^/+", "")).toRealPath();
            return wanted.startsWith(root) ? Files.readAllBytes(wanted) : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }
}
