package dev.carafe.core.memory;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.GuestMemory;
import dev.carafe.core.memory.PhysicalMap.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Physical memory of a machine: RAM below and above 4 GiB, ROM, devices, and nothing, which reads
 * as ones and loses what is written. The map is immutable and swapped when a device is attached or
 * moved, which may happen while vCPUs run; RAM, ROM and holes are laid out before they do, since
 * translations that vCPUs hold are not recalled.
 *
 * <p>Devices guard themselves; no lock is held while one is called.
 *
 * <p>Not modelled: the A20 gate, memory types, bus timing.
 */
public final class PhysicalBus implements Bus, GuestMemory, AutoCloseable {
    /** Where RAM continues that does not fit below the devices. */
    public static final long HIGH_RAM = 1L << 32;

    private static final long ROM_SPACE = 16L << 20;
    private static final int REPORTED_ADDRESSES = 1024;

    private final Ram ram;
    private final long lowSize;
    private final PageStates states;
    private final Set<Long> reported = ConcurrentHashMap.newKeySet();
    private volatile PhysicalMap map = PhysicalMap.EMPTY; // replaced under this
    private volatile CodeWatcher watcher = (physical, length) -> {};
    private long romOffset; // guarded by this

    /**
     * @param ramSize bytes of RAM, a multiple of 4096
     * @param lowLimit how much of it may lie below 4 GiB, a multiple of 4096; the rest starts at
     *     {@link #HIGH_RAM}
     */
    public PhysicalBus(long ramSize, long lowLimit) {
        if (ramSize <= 0
                || lowLimit <= 0
                || lowLimit > HIGH_RAM
                || ((ramSize | lowLimit) & ~Tlb.PAGE_MASK) != 0) {
            throw new IllegalArgumentException(
                    "cannot lay out %d bytes of RAM with at most %d of them below 4 GiB"
                            .formatted(ramSize, lowLimit));
        }
        lowSize = Math.min(ramSize, lowLimit);
        ram = Ram.reserve(ramSize + ROM_SPACE);
        romOffset = ramSize;
        states = new PageStates(lowSize, ramSize - lowSize);
        addMemory(0, lowSize, 0, true);
        if (ramSize > lowSize) {
            addMemory(HIGH_RAM, ramSize - lowSize, lowSize, true);
        }
    }

    /**
     * Loads what the first machine of a process needs of the Java memory library; it takes a while,
     * beside other work.
     */
    public static void prepare() {
        Ram.prepare();
    }

    public PageStates pageStates() {
        return states;
    }

    /** Who is told about stores to pages that hold decoded code; set before any vCPU runs. */
    public void setCodeWatcher(CodeWatcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public synchronized void attach(AddressRange range, BusDevice device) {
        if (range.length() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a device of 0x%x bytes is too large".formatted(range.length()));
        }
        map = map.with(new Region(range, -1, false, device));
    }

    /** Takes a device away again, as when a PCI base address register moves. */
    public synchronized void detach(AddressRange range) {
        map = map.without(range);
    }

    /** Takes RAM or ROM out of a page-aligned range, so that a device can be attached there. */
    public synchronized void makeHole(AddressRange range) {
        requirePages(range);
        map = map.without(range);
    }

    /** Puts read-only memory at a page-aligned address, in place of RAM that may lie there. */
    public synchronized void mapRom(long physical, byte[] image) {
        long length = image.length + Tlb.PAGE_SIZE - 1 & Tlb.PAGE_MASK;
        AddressRange range = new AddressRange(physical, length);
        requirePages(range);
        if (romOffset + length > ram.size()) {
            throw new IllegalArgumentException(
                    "no room for a ROM of " + image.length + " bytes at " + range);
        }
        ram.segment.asSlice(romOffset).copyFrom(MemorySegment.ofArray(image));
        map = map.without(range);
        addMemory(physical, length, romOffset, false);
        romOffset += length;
    }

    /** Where RAM and ROM lie, in order of address. */
    public List<AddressRange> memoryRanges() {
        return map.memoryRanges();
    }

    /** Whether the byte at a physical address is RAM, which the guest can change. */
    public boolean isRam(long physical) {
        Region region = map.find(physical);
        return region != null && region.writable();
    }

    /**
     * Where a physical byte of RAM or ROM lies in host memory, for {@link #byteAt} and {@link
     * #longAt}; −1 for any other.
     */
    public long memoryOffset(long physical) {
        Region region = map.find(physical);
        return region != null && region.memory() ? region.offsetOf(physical) : -1;
    }

    /** The byte at a memory offset, 0 to 255. */
    public int byteAt(long memoryOffset) {
        return (int) ram.load(memoryOffset, 1) & 0xFF;
    }

    /** The eight bytes from a memory offset. */
    public long longAt(long memoryOffset) {
        return ram.load(memoryOffset, Long.BYTES);
    }

    @Override
    public long read(long address, int size) {
        Region region = map.find(address);
        if (region != null && address + size <= region.range().end()) {
            if (region.memory()) {
                return ram.load(region.offsetOf(address), size);
            }
            if ((address & size - 1) == 0) {
                return region.device().read((int) (address - region.range().start()), size)
                        & mask(size);
            }
        }
        return readSplit(address, size);
    }

    @Override
    public void write(long address, int size, long value) {
        Region region = map.find(address);
        if (region != null && address + size <= region.range().end()) {
            if (region.memory()) {
                storeToMemory(region, address, size, value);
                return;
            }
            if ((address & size - 1) == 0) {
                region.device()
                        .write((int) (address - region.range().start()), size, value & mask(size));
                return;
            }
        }
        writeSplit(address, size, value);
    }

    @Override
    public void read(long physical, byte[] into) {
        PhysicalMap current = map;
        for (int done = 0; done < into.length; ) {
            long address = physical + done;
            int length = (int) Math.min(into.length - done, current.run(address));
            Region region = current.find(address);
            if (region != null && region.memory()) {
                MemorySegment.copy(
                        ram.segment,
                        ValueLayout.JAVA_BYTE,
                        region.offsetOf(address),
                        into,
                        done,
                        length);
            } else {
                Arrays.fill(into, done, done + length, (byte) -1);
            }
            done += length;
        }
        VarHandle.acquireFence();
    }

    @Override
    public void write(long physical, byte[] from) {
        PhysicalMap current = map;
        VarHandle.releaseFence();
        for (int done = 0; done < from.length; ) {
            long address = physical + done;
            int length = (int) Math.min(from.length - done, current.run(address));
            Region region = current.find(address);
            if (region != null && region.writable()) {
                // From a segment and not from the array, whose kind the library would look up in a
                // way no start-up cache holds.
                MemorySegment.copy(
                        MemorySegment.ofArray(from),
                        done,
                        ram.segment,
                        region.offsetOf(address),
                        length);
                stored(address, length);
            }
            done += length;
        }
    }

    /** Gives the memory back; no vCPU may run any more. */
    @Override
    public void close() {
        ram.close();
    }

    Ram ram() {
        return ram;
    }

    /** All RAM, for {@link Ram}'s static methods, in code that only vCPUs execute. */
    public MemorySegment ramOfVcpus() {
        return ram.unscoped();
    }

    PhysicalMap map() {
        return map;
    }

    /** The physical address of an offset in RAM proper. */
    long physical(long offset) {
        return offset < lowSize ? offset : offset - lowSize + HIGH_RAM;
    }

    /**
     * Bytes were stored to RAM without regard to code: tells the watcher where code may have
     * changed.
     */
    void stored(long physical, int length) {
        VarHandle.fullFence();
        for (long start = physical; start < physical + length; ) {
            long end = Math.min(physical + length, (start & Tlb.PAGE_MASK) + Tlb.PAGE_SIZE);
            if (states.isCode(start >>> Tlb.PAGE_SHIFT)) {
                watcher.written(start, (int) (end - start));
            }
            start = end;
        }
    }

    private void storeToMemory(Region region, long address, int size, long value) {
        if (region.writable()) {
            ram.store(region.offsetOf(address), size, value);
            stored(address, size);
        }
    }

    /**
     * An access that is not aligned or crosses into another region goes in aligned pieces, the
     * lowest first.
     */
    private long readSplit(long address, int size) {
        if (size == 1) {
            report("read from", address);
            return 0xFF;
        }
        long value = 0;
        for (int done = 0; done < size; ) {
            int piece = piece(address + done, size - done);
            value |=
                    (map.find(address + done) == null
                                    ? nobody("read from", address + done, piece)
                                    : read(address + done, piece))
                            << 8 * done;
            done += piece;
        }
        return value;
    }

    private void writeSplit(long address, int size, long value) {
        for (int done = 0; done < size; ) {
            int piece = piece(address + done, size - done);
            if (map.find(address + done) == null) {
                nobody("write to", address + done, piece);
            } else {
                write(address + done, piece, value >>> 8 * done);
            }
            done += piece;
        }
    }

    /** The largest naturally aligned piece that is left and that one region, or nobody, answers. */
    private int piece(long address, int left) {
        int piece = Integer.highestOneBit(left);
        long run = map.run(address);
        while (piece > 1 && ((address & piece - 1) != 0 || piece > run)) {
            piece >>= 1;
        }
        return piece;
    }

    private long nobody(String what, long address, int size) {
        report(what, address);
        return mask(size);
    }

    private void report(String what, long address) {
        if (reported.size() < REPORTED_ADDRESSES && reported.add(address)) {
            GuestErrors.LOG.warn(
                    "{} physical address 0x{}, where nothing answers",
                    what,
                    Long.toHexString(address));
        }
    }

    private synchronized void addMemory(long physical, long length, long offset, boolean writable) {
        map = map.with(new Region(new AddressRange(physical, length), offset, writable, null));
    }

    private static void requirePages(AddressRange range) {
        if (((range.start() | range.length()) & ~Tlb.PAGE_MASK) != 0) {
            throw new IllegalArgumentException(
                    "the range " + range + " does not consist of whole 4 KiB pages");
        }
    }

    private static long mask(int size) {
        return -1L >>> (64 - 8 * size);
    }

    /** Found at the first message only: most runs have none. */
    private static final class GuestErrors {
        static final Logger LOG = LoggerFactory.getLogger("carafe.guest_errors");
    }
}
