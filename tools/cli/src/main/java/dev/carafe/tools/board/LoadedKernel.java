package dev.carafe.tools.board;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import java.util.OptionalLong;

/**
 * What a debugger has to know of a kernel's file.
 *
 * @param firstSegment where its first segment lies in memory; empty where the file says so itself
 * @param narrow whether it is a 32-bit kernel
 */
public record LoadedKernel(OptionalLong firstSegment, boolean narrow) {
    static final LoadedKernel NONE = new LoadedKernel(OptionalLong.empty(), false);

    private static final int IA32_EFER = 0xC000_0080;

    /**
     * Looks into a kernel's file.
     *
     * @param slide what was added to its link-time addresses
     */
    static LoadedKernel of(byte[] file, String name, long slide) {
        if (!ElfFile.isElf(file)) {
            return NONE;
        }
        try {
            ElfFile elf = ElfFile.parse(file, name);
            OptionalLong first =
                    elf.segments().stream()
                            .filter(segment -> slide != 0 && segment.type() == ElfSegment.PT_LOAD)
                            .mapToLong(segment -> segment.virtualAddress() + slide)
                            .findFirst();
            return new LoadedKernel(first, !elf.is64() && !contains(file, IA32_EFER));
        } catch (BootException broken) {
            return NONE;
        }
    }

    /**
     * Whether some four bytes are this number: a 64-bit kernel in a 32-bit file, as Multiboot wants
     * it, has to name IA32_EFER to get where it belongs.
     */
    private static boolean contains(byte[] file, int number) {
        int last = 0;
        for (byte each : file) {
            last = last >>> Byte.SIZE | each << 3 * Byte.SIZE;
            if (last == number) {
                return true;
            }
        }
        return false;
    }
}
