package dev.carafe.firmware.linux;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ModuleFile;
import java.util.List;

/**
 * The initrd: all modules one behind the other, as the kernel takes archives ("initramfs buffer
 * format").
 *
 * @param name of its files, for messages
 */
record InitialRamDisk(String name, byte[] bytes) {
    private static final int ARCHIVE_ALIGNMENT = 4;

    static InitialRamDisk of(List<ModuleFile> modules) throws BootException {
        long size = 0;
        StringBuilder names = new StringBuilder();
        for (ModuleFile module : modules) {
            if (!module.commandLine().isEmpty()) {
                throw new BootException(
                        "initrd '"
                                + module.path()
                                + "' has the command line '"
                                + module.commandLine()
                                + "', but a Linux kernel takes none with it");
            }
            names.append(names.isEmpty() ? "" : "', '").append(module.path());
            size = aligned(size) + module.bytes().length;
        }
        if (size > Integer.MAX_VALUE - GuestLayout.PAGE) {
            throw new BootException("initrd '" + names + "' is larger than 2 GiB");
        }
        if (modules.size() == 1) {
            return new InitialRamDisk(names.toString(), modules.get(0).bytes());
        }
        byte[] all = new byte[(int) size];
        int at = 0;
        for (ModuleFile module : modules) {
            at = (int) aligned(at);
            System.arraycopy(module.bytes(), 0, all, at, module.bytes().length);
            at += module.bytes().length;
        }
        return new InitialRamDisk(names.toString(), all);
    }

    private static long aligned(long size) {
        return size + ARCHIVE_ALIGNMENT - 1 & -ARCHIVE_ALIGNMENT;
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * The highest page-aligned address at which it fits.
     *
     * @param from first address that is free
     * @param end behind the last one
     */
    long place(long from, long end) throws BootException {
        long start = end - bytes.length & -GuestLayout.PAGE;
        if (start < from) {
            throw new BootException(
                    "initrd '"
                            + name
                            + "' of "
                            + bytes.length
                            + " bytes does not fit into guest RAM between "
                            + hex(from)
                            + ", where the kernel ends, and "
                            + hex(end));
        }
        return start;
    }
}
