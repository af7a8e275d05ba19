package dev.carafe.devices.fwcfg;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.GuestMemory;
import dev.carafe.devices.AccessSize;
import java.util.Arrays;
import java.util.Map;

/**
 * The firmware configuration device of QEMU's machines, after QEMU's "QEMU Firmware Configuration
 * (fw_cfg) Device": a selector at offset 0, a stream of the selected item's bytes at offset 1, and
 * at offset 4 the address of a transfer to or from guest memory. An unknown item is empty, and an
 * item reads as zeros behind its end.
 *
 * <p>Not modelled: items that the guest can write; a transfer that tries to ends in error.
 */
public final class FirmwareConfiguration implements BusDevice {
    private static final int DMA = 4;
    private static final int END = 12;
    private static final long SIGNATURE = 0x5145_4D55_2043_4647L; // "QEMU CFG", big-endian

    private static final int DMA_ERROR = 1;
    private static final int DMA_READ = 1 << 1;
    private static final int DMA_SKIP = 1 << 2;
    private static final int DMA_SELECT = 1 << 3;
    private static final int DMA_WRITE = 1 << 4;
    private static final int DMA_KEY_SHIFT = 16;
    private static final int DMA_STRUCTURE = 16;
    private static final int PIECE = 1 << 16;
    private static final byte[] EMPTY = {};

    private final Map<Integer, byte[]> items;
    private final GuestMemory memory;
    private byte[] item = EMPTY; // guarded by this, as all below
    private long position;
    private long dmaAddress;

    /**
     * Makes the device.
     *
     * @param items content by key
     * @param memory where transfers go
     */
    public FirmwareConfiguration(Map<Integer, byte[]> items, GuestMemory memory) {
        this.items = Map.copyOf(items);
        this.memory = memory;
    }

    @Override
    public synchronized long read(int offset, int size) {
        if (offset < 2 && size == 1) {
            return next();
        }
        if (offset >= DMA && offset + size <= END) {
            return bigEndian(SIGNATURE, offset - DMA, size);
        }
        return AccessSize.allOnes(size);
    }

    @Override
    public synchronized void write(int offset, int size, long value) {
        if (offset == 0 && size == Short.BYTES) {
            select((int) value & 0xFFFF);
        } else if (offset == DMA && size == Long.BYTES) {
            dmaAddress = Long.reverseBytes(value);
            transfer();
        } else if (offset == DMA && size == Integer.BYTES) {
            dmaAddress = (long) Integer.reverseBytes((int) value) << Integer.SIZE;
        } else if (offset == DMA + Integer.BYTES && size == Integer.BYTES) {
            dmaAddress |= Integer.reverseBytes((int) value) & 0xFFFF_FFFFL;
            transfer();
        }
    }

    /** The bytes of a big-endian register, as a little-endian processor reads them. */
    private static long bigEndian(long register, int first, int size) {
        return AccessSize.extract(Long.reverseBytes(register), first, size);
    }

    private void select(int key) {
        item = items.getOrDefault(key, EMPTY);
        position = 0;
    }

    private int next() {
        return position < item.length ? item[(int) position++] & 0xFF : 0;
    }

    /** Does what the structure at the written address asks for, and reports in its first field. */
    private void transfer() {
        long at = dmaAddress;
        dmaAddress = 0;
        byte[] structure = new byte[DMA_STRUCTURE];
        memory.read(at, structure);
        int control = (int) number(structure, 0, Integer.BYTES);
        long length = number(structure, 4, Integer.BYTES);
        long address = number(structure, 8, Long.BYTES);
        if ((control & DMA_SELECT) != 0) {
            select(control >>> DMA_KEY_SHIFT);
        }
        int result = 0;
        if ((control & DMA_READ) != 0) {
            copy(address, length);
        } else if ((control & DMA_WRITE) != 0) {
            result = DMA_ERROR;
        } else if ((control & DMA_SKIP) != 0) {
            position += length;
        }
        memory.write(at, new byte[] {0, 0, 0, (byte) result});
    }

    private void copy(long address, long length) {
        for (long done = 0; done < length; ) {
            int piece = (int) Math.min(PIECE, length - done);
            byte[] bytes = new byte[piece];
            if (position < item.length) {
                byte[] from =
                        Arrays.copyOfRange(
                                item,
                                (int) position,
                                (int) Math.min(item.length, position + piece));
                System.arraycopy(from, 0, bytes, 0, from.length);
            }
            memory.write(address + done, bytes);
            position += piece;
            done += piece;
        }
    }

    private static long number(byte[] bytes, int first, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | bytes[first + i] & 0xFF;
        }
        return value;
    }
}
