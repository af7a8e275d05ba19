package dev.carafe.tools.media;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.elf.ElfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A CD, disk image or folder with a boot loader on it, of which Carafe only takes what the loader
 * would have loaded: it has neither the loader's firmware nor the drive. The loader may be a boot
 * sector that loads the ELF file behind it, as in teaching kernels.
 *
 * @param origin what on the medium named the kernel, for the user
 * @param kernelName path of the kernel on the medium
 * @param kernel its content
 * @param commandLine for the kernel
 * @param modules files beside it
 */
public record BootMedium(
        String origin,
        String kernelName,
        byte[] kernel,
        String commandLine,
        List<ModuleFile> modules) {
    private static final List<String> LIMINE_FOLDERS =
            List.of("/boot/limine/", "/boot/", "/limine/", "/", "/EFI/BOOT/");
    private static final List<String> GRUB_FILES =
            List.of("/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/grub/grub.cfg");
    private static final Set<String> PROTOCOLS =
            Set.of("limine", "linux", "linux16", "multiboot", "multiboot1");

    private static final int SECTOR = 512;
    private static final int BOOT_SIGNATURE = 0xAA55; // in the last two bytes of a boot sector
    private static final long LARGEST_BARE_KERNEL = 64 << 20;

    public BootMedium {
        modules = List.copyOf(modules);
    }

    /**
     * Reads what the medium would boot.
     *
     * @param file a CD image, a disk image or a folder
     * @throws BootException when that is nothing that Carafe boots, in one sentence
     */
    public static BootMedium read(Path file) throws BootException {
        try {
            return Files.isDirectory(file) ? ofFolder(file) : ofImage(file);
        } catch (NoSuchFileException e) {
            throw new BootException("Could not open '" + file + "': No such file or directory");
        } catch (IOException e) {
            throw new BootException("'" + file + "' cannot be read: " + e.getMessage());
        }
    }

    private static BootMedium ofFolder(Path folder) throws IOException, BootException {
        Optional<BootMedium> medium = from(new HostFolder(folder), folder);
        return medium.orElseThrow(() -> nothing(folder));
    }

    private static BootMedium ofImage(Path file) throws IOException, BootException {
        try (BlockFile blocks = new BlockFile(file)) {
            for (FileTree tree : trees(blocks)) {
                Optional<BootMedium> medium = from(tree, file);
                if (medium.isPresent()) {
                    return medium.get();
                }
            }
            return behindBootSector(blocks, file).orElseThrow(() -> nothing(file));
        }
    }

    private static Optional<BootMedium> behindBootSector(BlockFile blocks, Path file)
            throws IOException {
        if (blocks.size() < 2 * SECTOR
                || (blocks.read(SECTOR - 2, 2).getShort(0) & 0xFFFF) != BOOT_SIGNATURE
                || !ElfFile.isElf(blocks.read(SECTOR, SECTOR).array())) {
            return Optional.empty();
        }
        long size = Math.min(blocks.size() - SECTOR, LARGEST_BARE_KERNEL);
        byte[] kernel = blocks.read(SECTOR, size).array();
        String origin = "the kernel behind the boot sector";
        return Optional.of(new BootMedium(origin, file.toString(), kernel, "", List.of()));
    }

    private static BootException nothing(Path file) {
        return new BootException(
                "'"
                        + file
                        + "' holds neither a kernel nor a limine.conf or grub.cfg that names one, and Carafe has no"
                        + " BIOS and no drives to boot anything else: boot a kernel with -kernel");
    }

    private static List<FileTree> trees(BlockFile blocks) throws IOException {
        List<FileTree> trees = new ArrayList<>();
        IsoImage.of(blocks).ifPresent(trees::add);
        for (long offset : PartitionTable.offsets(blocks)) {
            FatVolume.of(blocks, offset).ifPresent(trees::add);
        }
        return trees;
    }

    private static Optional<BootMedium> from(FileTree tree, Path file)
            throws IOException, BootException {
        for (String folder : LIMINE_FOLDERS) {
            for (String name : List.of("limine.conf", "limine.cfg")) {
                Optional<byte[]> text = tree.read(folder + name);
                if (text.isPresent()) {
                    boolean old = name.endsWith(".cfg");
                    return Optional.of(
                            load(
                                    tree,
                                    file,
                                    folder + name,
                                    LimineMenu.chosen(decode(text.get()), old)));
                }
            }
        }
        for (String name : GRUB_FILES) {
            Optional<byte[]> text = tree.read(name);
            if (text.isPresent()) {
                return Optional.of(load(tree, file, name, GrubMenu.first(decode(text.get()))));
            }
        }
        return Optional.empty();
    }

    private static String decode(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    private static BootMedium load(
            FileTree tree, Path file, String configuration, Optional<MenuEntry> found)
            throws IOException, BootException {
        String where = "'" + file + "': " + configuration;
        MenuEntry entry =
                found.orElseThrow(() -> new BootException(where + " has no entry with a kernel"));
        if (!PROTOCOLS.contains(entry.protocol())) {
            throw new BootException(
                    where
                            + ": entry '"
                            + entry.title()
                            + "' has the protocol '"
                            + entry.protocol()
                            + "', which Carafe does not boot");
        }
        byte[] kernel = file(tree, where, entry.kernel());
        List<ModuleFile> modules = new ArrayList<>();
        for (MenuEntry.Module module : entry.modules()) {
            byte[] content = file(tree, where, module.path());
            modules.add(new ModuleFile(module.path(), module.commandLine(), content));
        }
        String origin = "'" + entry.title() + "' of " + configuration;
        return new BootMedium(origin, entry.kernel(), kernel, entry.commandLine(), modules);
    }

    private static byte[] file(FileTree tree, String where, String path)
            throws IOException, BootException {
        return tree.read(path)
                .orElseThrow(
                        () ->
                                new BootException(
                                        where + " names '" + path + "', which is not there"));
    }
}
