package dev.carafe.tools.board;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the machine boots.
 *
 * @param firmware a firmware image that the processors start in, with nothing loaded
 * @param kernel the kernel's file; without one the embedded guest kernel boots
 * @param commandLine the kernel's command line, empty when none was given
 * @param modules files loaded beside the kernel
 * @param media images or folders with a kernel, or with a boot loader that would load one; the
 *     first that has one counts
 */
public record BootSource(
        Optional<Path> firmware,
        Optional<Path> kernel,
        String commandLine,
        List<Module> modules,
        List<Path> media) {
    public BootSource {
        modules = List.copyOf(modules);
        media = List.copyOf(media);
    }

    /** Without media. */
    public BootSource(
            Optional<Path> firmware,
            Optional<Path> kernel,
            String commandLine,
            List<Module> modules) {
        this(firmware, kernel, commandLine, modules, List.of());
    }

    /**
     * A file that is loaded beside the kernel.
     *
     * @param file its path
     * @param commandLine its own command line, empty when none was given
     */
    public record Module(Path file, String commandLine) {}
}
