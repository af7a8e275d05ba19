package dev.carafe.firmware;

import static dev.carafe.firmware.BootException.hex;

import dev.carafe.firmware.elf.ElfFile;
import dev.carafe.firmware.elf.ElfSegment;
import java.util.ArrayList;
import java.util.List;

/** A kernel's parts at the physical addresses that it asks for, none over another or the BIOS. */
public final class PhysicalPlacement {
    private final byte[] file;
    private final String name;
    private final long ramEnd;
    private final List<ImageSegment> segments = new ArrayList<>();
    private long end;

    /**
     * @param file the kernel's
     * @param name the kernel's, for messages
     * @param ramEnd first address above one MiB that a kernel may not use
     */
    public PhysicalPlacement(byte[] file, String name, long ramEnd) {
        this.file = file;
        this.name = name;
        this.ramEnd = ramEnd;
    }

    /**
     * Places every loadable segment at its physical address.
     *
     * @return the entry point as a physical address: translated by the segment that holds it
     */
    public long placeElf(ElfFile elf) throws BootException {
        long entry = elf.entry();
        boolean translated = false;
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() != ElfSegment.PT_LOAD || segment.memorySize() == 0) {
                continue;
            }
            place(
                    segment.physicalAddress(),
                    segment.offset(),
                    segment.fileSize(),
                    segment.memorySize());
            if (!translated && segment.contains(elf.entry())) {
                entry = elf.entry() - segment.virtualAddress() + segment.physicalAddress();
                translated = true;
            }
        }
        if (segments.isEmpty()) {
            throw refusal("has no loadable segment");
        }
        return entry;
    }

    /**
     * Places part of the file, and zeros behind it.
     *
     * @throws BootException when it does not fit
     */
    public void place(long address, long offset, long fileSize, long memorySize)
            throws BootException {
        long last = address + memorySize;
        if (address < 0 || memorySize < 0 || last < 0 || last > ramEnd) {
            throw refusal(
                    "loads "
                            + hex(memorySize)
                            + " bytes at "
                            + hex(address)
                            + ", which do not fit into guest RAM below "
                            + hex(ramEnd));
        }
        refuse(address, last, 0, GuestLayout.PAGE, "the BIOS data area");
        refuse(
                address,
                last,
                GuestLayout.EXTENDED_BIOS_DATA_AREA,
                GuestLayout.ONE_MIB,
                "BIOS and video memory");
        for (ImageSegment other : segments) {
            refuse(
                    address,
                    last,
                    other.address(),
                    other.address() + other.length(),
                    "another segment");
        }
        if (fileSize > 0) {
            segments.add(new ImageSegment.Data(address, file, (int) offset, (int) fileSize));
        }
        if (memorySize > fileSize) {
            segments.add(new ImageSegment.Zeros(address + fileSize, memorySize - fileSize));
        }
        end = Math.max(end, last);
    }

    private void refuse(long address, long last, long from, long to, String what)
            throws BootException {
        if (address < to && last > from) {
            throw refusal(
                    "loads a segment at "
                            + hex(address)
                            + " up to "
                            + hex(last)
                            + ", where "
                            + what
                            + " lies");
        }
    }

    private BootException refusal(String what) {
        return new BootException("'" + name + "' " + what);
    }

    /** Whether no part lies in this range. */
    public boolean isFree(long address, long length) {
        for (ImageSegment segment : segments) {
            if (segment.address() < address + length
                    && segment.address() + segment.length() > address) {
                return false;
            }
        }
        return true;
    }

    public List<ImageSegment> segments() {
        return segments;
    }

    /** Behind the highest part. */
    public long end() {
        return end;
    }
}
