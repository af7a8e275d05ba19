package dev.carafe.firmware.multiboot;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.ImageSegment;
import dev.carafe.firmware.PhysicalPlacement;
import dev.carafe.firmware.elf.ElfFile;
import java.util.List;

/**
 * Where a Multiboot kernel goes: by the addresses in its header, else by its ELF program headers.
 */
final class MultibootKernel {
    private final byte[] file;
    private final String name;
    private final PhysicalPlacement placement;
    private long entry;

    private MultibootKernel(byte[] file, String name, long ramEnd) {
        this.file = file;
        this.name = name;
        placement = new PhysicalPlacement(file, name, ramEnd);
    }

    /**
     * @param ramEnd first address above one MiB that a kernel may not use
     */
    static MultibootKernel load(byte[] file, String name, long ramEnd) throws BootException {
        MultibootHeader header = MultibootHeader.find(file);
        if (header == null) {
            throw new BootException(
                    "'" + name + "' has no Multiboot header in its first 8192 bytes");
        }
        header.check(name);
        MultibootKernel kernel = new MultibootKernel(file, name, ramEnd);
        if (header.hasAddresses()) {
            kernel.loadByAddresses(header);
        } else {
            kernel.loadElf(ElfFile.parse(file, name));
        }
        return kernel;
    }

    private void loadByAddresses(MultibootHeader header) throws BootException {
        long load = header.loadAddress();
        long offset = header.offset() - (header.headerAddress() - load);
        if (offset < 0 || offset > header.offset()) {
            throw broken(
                    "has a Multiboot header address "
                            + hex(header.headerAddress())
                            + " that does not fit its load"
                            + " address "
                            + hex(load));
        }
        long loadEnd =
                header.loadEndAddress() == 0
                        ? load + file.length - offset
                        : header.loadEndAddress();
        long size = loadEnd - load;
        if (size < 0 || size > file.length - offset) {
            throw broken(
                    "is truncated: it should be loaded up to "
                            + hex(loadEnd)
                            + " but ends at "
                            + hex(load + file.length - offset));
        }
        long bssEnd = header.bssEndAddress() == 0 ? loadEnd : header.bssEndAddress();
        if (bssEnd < loadEnd) {
            throw broken(
                    "has a Multiboot bss end "
                            + hex(bssEnd)
                            + " below its load end "
                            + hex(loadEnd));
        }
        placement.place(load, offset, size, bssEnd - load);
        entry = header.entryAddress();
    }

    private void loadElf(ElfFile elf) throws BootException {
        int machine = elf.machine();
        if (machine != (elf.is64() ? ElfFile.EM_X86_64 : ElfFile.EM_386)) {
            throw broken("is for ELF machine " + machine + ", not for an x86 processor");
        }
        entry = elf.entry();
        entry = placement.placeElf(elf);
        if (entry >>> 32 != 0) {
            throw broken(
                    "has the entry point "
                            + hex(entry)
                            + ", which is not a 32-bit address in any segment");
        }
    }

    private BootException broken(String what) {
        return new BootException("'" + name + "' " + what);
    }

    /**
     * Where the loader's own low memory goes: its usual page, else the highest one that the kernel
     * leaves free.
     */
    int lowArea() throws BootException {
        if (isFree(GuestLayout.MULTIBOOT_AREA)) {
            return GuestLayout.MULTIBOOT_AREA;
        }
        int page = (int) GuestLayout.PAGE;
        int highest = GuestLayout.EXTENDED_BIOS_DATA_AREA - page & -page;
        for (int area = highest; area >= page; area -= page) {
            if (isFree(area)) {
                return area;
            }
        }
        throw broken(
                "leaves no page below "
                        + hex(GuestLayout.EXTENDED_BIOS_DATA_AREA)
                        + " for boot information");
    }

    private boolean isFree(int area) {
        return placement.isFree(area, GuestLayout.MULTIBOOT_AREA_SIZE);
    }

    List<ImageSegment> segments() {
        return placement.segments();
    }

    long entry() {
        return entry;
    }

    /** Behind the highest segment. */
    long end() {
        return placement.end();
    }
}
