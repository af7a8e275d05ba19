package dev.carafe.firmware;

import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import dev.carafe.firmware.limine.LimineBoot;
import dev.carafe.firmware.linux.BzImageLoader;
import dev.carafe.firmware.linux.PvhLoader;
import dev.carafe.firmware.multiboot.MultibootLoader;
import java.util.List;

/** Finds out by which protocol a kernel wants to be booted, and boots it so. */
public final class BootLoader {
    private BootLoader() {}

    /**
     * Limine requests decide first, then a Multiboot header, a Linux setup header and a PVH note,
     * then a 64-bit executable in the higher half, which is taken for a Limine kernel of base
     * revision 0.
     *
     * @param kernelName name or path, for messages and for the kernel itself
     */
    public static BootImage load(
            byte[] kernelFile,
            String kernelName,
            String commandLine,
            List<ModuleFile> modules,
            MachineDescription machine,
            BootOptions options)
            throws BootException {
        ElfFile elf = ElfFile.isElf(kernelFile) ? ElfFile.parse(kernelFile, kernelName) : null;
        boolean multiboot = MultibootLoader.hasHeader(kernelFile);
        boolean pvh = elf != null && PvhLoader.accepts(elf);
        if (elf != null
                && (!multiboot && !pvh && isHigherHalf(elf) || LimineBoot.hasRequests(elf))) {
            return LimineBoot.load(kernelFile, kernelName, commandLine, modules, machine, options);
        }
        if (multiboot) {
            return MultibootLoader.load(
                    kernelFile, kernelName, commandLine, modules, machine, options);
        }
        if (pvh) {
            return PvhLoader.load(kernelFile, kernelName, commandLine, modules, machine);
        }
        if (BzImageLoader.accepts(kernelFile)) {
            return BzImageLoader.load(
                    kernelFile, kernelName, commandLine, modules, machine, options);
        }
        throw new BootException("'" + kernelName + "' is not bootable: " + whyNot(kernelFile, elf));
    }

    private static boolean isHigherHalf(ElfFile elf) {
        if (!elf.is64() || elf.machine() != ElfFile.EM_X86_64) {
            return false;
        }
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.PT_LOAD && segment.virtualAddress() < 0) {
                return true;
            }
        }
        return elf.type() == ElfFile.ET_DYN;
    }

    private static String whyNot(byte[] file, ElfFile elf) {
        if (file.length == 0) {
            return "it is empty";
        }
        if (elf == null) {
            return "its "
                    + file.length
                    + " bytes are neither an ELF file nor a Linux kernel, nor have a Multiboot header";
        }
        if (elf.is64() && elf.machine() != ElfFile.EM_X86_64
                || !elf.is64() && elf.machine() != ElfFile.EM_386) {
            return "it is for ELF machine " + elf.machine();
        }
        String kind = elf.is64() ? "64-bit" : "32-bit";
        return "it is a "
                + kind
                + " ELF file with entry point "
                + BootException.hex(elf.entry())
                + " that has neither Limine requests nor a Multiboot header";
    }
}
