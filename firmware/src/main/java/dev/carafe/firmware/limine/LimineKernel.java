package dev.carafe.firmware.limine;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfImage;
import dev.carafe.firmware.elf.ElfRelocator;
import dev.carafe.firmware.elf.ElfSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The executable as the Limine protocol wants it (PROTOCOL, "Memory Layout at Entry"): where it
 * goes, with what rights, and its relocated image. Physical addresses in the file do not matter.
 *
 * <p>Not modelled: PE executables, KASLR.
 */
final class LimineKernel {
    private static final long LARGEST_IMAGE = Integer.MAX_VALUE - 0x1000_0000L;

    /** Zeros between segments that are worth holding; a file with more of them is damaged. */
    private static final long LARGEST_GAPS = 64L << 20;

    /** A range of whole pages with the rights of one segment; offsets count from the image base. */
    record Range(long offset, long length, int flags) {}

    private final ElfFile elf;
    private final List<ElfSegment> loads = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();
    private boolean relocatable;
    private long alignment = GuestLayout.PAGE;
    private long linkBase;
    private long size;
    private long slide;
    private ElfImage image;

    private LimineKernel(ElfFile elf) {
        this.elf = elf;
    }

    /**
     * @param ramBytes an image that is larger cannot be loaded and is refused before anything is
     *     copied
     */
    static LimineKernel load(ElfFile elf, long ramBytes) throws BootException {
        LimineKernel kernel = new LimineKernel(elf);
        kernel.checkHeader();
        kernel.collectSegments();
        kernel.checkAddresses();
        kernel.measure(ramBytes);
        kernel.makeRanges();
        kernel.image = new ElfImage(elf, kernel.linkBase, kernel.size, kernel.scanLimit());
        if (kernel.relocatable) {
            ElfRelocator.relocate(elf, kernel.image, kernel.slide);
        }
        return kernel;
    }

    private void checkHeader() throws BootException {
        if (!elf.is64()) {
            throw elf.broken(
                    "is a 32-bit ELF file, but the Limine protocol boots only 64-bit ones");
        }
        if (elf.machine() != ElfFile.EM_X86_64) {
            throw elf.broken(
                    "is for ELF machine "
                            + elf.machine()
                            + ", not for x86-64 ("
                            + ElfFile.EM_X86_64
                            + ")");
        }
        if (elf.type() != ElfFile.ET_EXEC && elf.type() != ElfFile.ET_DYN) {
            throw elf.broken("has ELF type " + elf.type() + ", which is not an executable");
        }
    }

    private void collectSegments() throws BootException {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.PT_DYNAMIC && elf.type() == ElfFile.ET_DYN) {
                relocatable = true;
            }
            if (segment.type() == ElfSegment.PT_LOAD && segment.memorySize() != 0) {
                if (Long.bitCount(segment.alignment()) > 1 || segment.alignment() < 0) {
                    throw elf.broken(
                            "has a segment with the alignment "
                                    + hex(segment.alignment())
                                    + ", which is not a power of two");
                }
                alignment = Math.max(alignment, segment.alignment());
                loads.add(segment);
            }
        }
        if (loads.isEmpty()) {
            throw elf.broken("has no loadable segment");
        }
    }

    private void checkAddresses() throws BootException {
        boolean lower = false;
        boolean higher = false;
        long previousEnd = 0;
        for (ElfSegment segment : loads) {
            long start = segment.virtualAddress();
            long end = start + segment.memorySize();
            if (Long.compareUnsigned(end - 1, start) < 0 || segment.memorySize() < 0) {
                throw elf.broken(
                        "has a segment at "
                                + hex(start)
                                + " of "
                                + hex(segment.memorySize())
                                + " bytes that wraps around the address space");
            }
            if (Long.compareUnsigned(start, previousEnd) < 0) {
                throw elf.broken(
                        "has a segment at "
                                + hex(start)
                                + " that overlaps or precedes the one before it,"
                                + " which ends at "
                                + hex(previousEnd));
            }
            previousEnd = end == 0 ? -1 : end;
            boolean high = Long.compareUnsigned(start, GuestLayout.LIMINE_KERNEL_BASE) >= 0;
            higher |= high;
            lower |= !high;
            if (!high && !relocatable) {
                throw elf.broken(
                        "has a segment at "
                                + hex(start)
                                + ", but a Limine kernel must lie at or above "
                                + hex(GuestLayout.LIMINE_KERNEL_BASE));
            }
            if (!high && start < 0) {
                throw elf.broken(
                        "has a segment at "
                                + hex(start)
                                + ", between the lower half and "
                                + hex(GuestLayout.LIMINE_KERNEL_BASE));
            }
        }
        if (lower && higher) {
            throw elf.broken(
                    "has segments in the lower and in the higher half, from "
                            + hex(loads.get(0).virtualAddress())
                            + " to "
                            + hex(previousEnd));
        }
    }

    private void measure(long ramBytes) throws BootException {
        ElfSegment first = loads.get(0);
        ElfSegment last = loads.get(loads.size() - 1);
        linkBase = first.virtualAddress() & -GuestLayout.PAGE;
        size = last.virtualAddress() + last.memorySize() - linkBase;
        if (size < 0 || size > ramBytes || size > LARGEST_IMAGE || alignment > ramBytes) {
            throw elf.broken(
                    "needs "
                            + hex(size)
                            + " bytes aligned to "
                            + hex(alignment)
                            + ", which do not fit into the guest's "
                            + hex(ramBytes)
                            + " bytes of RAM");
        }
        if (scanLimit() > elf.bytes().length + LARGEST_GAPS) {
            throw elf.broken(
                    "spreads its segments over "
                            + hex(scanLimit())
                            + " bytes, from "
                            + hex(linkBase)
                            + " on, but holds only "
                            + hex(elf.bytes().length)
                            + " bytes");
        }
        slide = linkBase >= 0 ? GuestLayout.LIMINE_KERNEL_BASE - linkBase : 0;
        if (slide != 0 && size > -GuestLayout.LIMINE_KERNEL_BASE) {
            throw elf.broken(
                    "needs "
                            + hex(size)
                            + " bytes, more than there are above "
                            + hex(GuestLayout.LIMINE_KERNEL_BASE));
        }
    }

    private long scanLimit() {
        ElfSegment last = loads.get(loads.size() - 1);
        return size - (last.memorySize() - last.fileSize());
    }

    /**
     * Rounded outwards to each segment's alignment, but never beyond the image or into a neighbour
     * of other rights.
     */
    private void makeRanges() throws BootException {
        long imageEnd = size + GuestLayout.PAGE - 1 & -GuestLayout.PAGE;
        long previousEnd = 0;
        int previousFlags = 0;
        for (ElfSegment segment : loads) {
            long unit = Math.max(GuestLayout.PAGE, segment.alignment());
            int flags = segment.flags() & (ElfSegment.PF_X | ElfSegment.PF_W);
            long virtual = segment.virtualAddress();
            long start = Math.max(0, (virtual & -unit) - linkBase);
            long end =
                    Math.min(
                            imageEnd,
                            (virtual + segment.memorySize() + unit - 1 & -unit) - linkBase);
            if (end <= start) {
                end = imageEnd; // the top of the range is 2^64
            }
            if (start < previousEnd) {
                if (flags != previousFlags) {
                    throw elf.broken(
                            "has a segment at "
                                    + hex(virtual)
                                    + " that shares an alignment unit of "
                                    + hex(unit)
                                    + " bytes with a segment of other access rights");
                }
                start = previousEnd;
            }
            if (end > start) {
                ranges.add(new Range(start, end - start, flags));
                previousEnd = end;
            }
            previousFlags = flags;
        }
    }

    ElfFile elf() {
        return elf;
    }

    ElfImage image() {
        return image;
    }

    List<Range> ranges() {
        return ranges;
    }

    long alignment() {
        return alignment;
    }

    long size() {
        return size;
    }

    long slide() {
        return slide;
    }

    long virtualBase() {
        return linkBase + slide;
    }

    long entry() {
        return elf.entry() + slide;
    }

    /**
     * Image offset of an address that the kernel itself supplies: virtual, or in its image counted
     * from zero.
     *
     * @return -1 if {@code length} bytes there are not in the image
     */
    long offsetOf(long virtual, long length) {
        long offset = virtual - virtualBase();
        return image.contains(offset, length) ? offset : -1;
    }
}
