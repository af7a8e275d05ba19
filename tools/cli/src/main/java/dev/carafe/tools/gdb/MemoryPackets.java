package dev.carafe.tools.gdb;

import dev.carafe.core.machine.DebugMemory;
import dev.carafe.core.machine.Vcpu;
import java.nio.charset.StandardCharsets;

/**
 * Reads, writes, searches and sums memory: through the page tables of a vCPU, or by physical
 * address. Nothing of it is seen by the guest, and devices are not read.
 */
final class MemoryPackets {
    private static final long PAGE = 4096;
    private static final int MOST_MAPPED = 1 << 20;
    private static final int MOST_UNMAPPED = 1 << 8;
    private static final int CHUNK = 1 << 16;
    private static final long MOST_SCANNED = 4L << 30;
    private static final int POLYNOMIAL = 0x04C1_1DB7;
    private static final String NOT_FOUND = "0";

    private final DebugMemory memory;
    private final Vcpu vcpu;
    private final boolean physical;

    MemoryPackets(DebugMemory memory, Vcpu vcpu, boolean physical) {
        this.memory = memory;
        this.vcpu = vcpu;
        this.physical = physical;
    }

    private int load(long address, byte[] into) {
        return physical ? memory.readPhysical(address, into) : memory.read(vcpu, address, into);
    }

    /** {@code m}: what is readable from an address on; an error when nothing is. */
    String read(String text) {
        String[] parts = split(text, ",", 2);
        byte[] bytes = new byte[Hex.length(parts[1], PacketReader.MOST / 2)];
        int length = load(Hex.number(parts[0]), bytes);
        if (length == 0 && bytes.length > 0) {
            throw new PacketError(PacketError.NO_MEMORY);
        }
        return Hex.of(bytes, length);
    }

    /** {@code M}: {@code address,length:hexadecimal}. */
    String write(String text) {
        String[] parts = split(text, ":", 2);
        return store(parts[0], Hex.bytes(parts[1]));
    }

    /** {@code X}: {@code address,length:binary}. */
    String writeBinary(String text) {
        String[] parts = split(text, ":", 2);
        return store(parts[0], parts[1].getBytes(StandardCharsets.ISO_8859_1));
    }

    private String store(String where, byte[] bytes) {
        String[] parts = split(where, ",", 2);
        if (Hex.length(parts[1], PacketReader.MOST) != bytes.length) {
            throw new PacketError();
        }
        long address = Hex.number(parts[0]);
        int done =
                physical
                        ? memory.writePhysical(address, bytes)
                        : memory.write(vcpu, address, bytes);
        if (done < bytes.length) {
            throw new PacketError(PacketError.NO_MEMORY);
        }
        return "OK";
    }

    /** {@code qSearch:memory:}: {@code address;length;binary pattern}. */
    String search(String text) {
        String[] parts = split(text, ";", 3);
        long start = Hex.number(parts[0]);
        long left = scanned(parts[1]);
        byte[] pattern = parts[2].getBytes(StandardCharsets.ISO_8859_1);
        if (pattern.length == 0 || pattern.length > CHUNK / 2) {
            throw new PacketError();
        }
        byte[] chunk = new byte[CHUNK];
        while (left >= pattern.length) {
            int length = load(start, chunk);
            int usable = (int) Math.min(length, left);
            int found = find(chunk, usable, pattern);
            if (found >= 0) {
                return "1,%x".formatted(start + found);
            }
            if (length < CHUNK && usable < left) {
                throw new PacketError(PacketError.NO_MEMORY);
            }
            int step = usable - pattern.length + 1;
            start += step;
            left -= step;
        }
        return NOT_FOUND;
    }

    private static int find(byte[] chunk, int length, byte[] pattern) {
        for (int i = 0; i + pattern.length <= length; i++) {
            int j = 0;
            while (j < pattern.length && chunk[i + j] == pattern[j]) {
                j++;
            }
            if (j == pattern.length) {
                return i;
            }
        }
        return -1;
    }

    /** {@code qCRC:}: {@code address,length}; the sum of {@code compare-sections}. */
    String sum(String text) {
        String[] parts = split(text, ",", 2);
        long start = Hex.number(parts[0]);
        long left = scanned(parts[1]);
        int crc = -1;
        byte[] chunk = new byte[CHUNK];
        while (left > 0) {
            int length = (int) Math.min(load(start, chunk), left);
            if (length == 0) {
                throw new PacketError(PacketError.NO_MEMORY);
            }
            for (int i = 0; i < length; i++) {
                crc = afterByte(crc, chunk[i]);
            }
            start += length;
            left -= length;
        }
        return "C%x".formatted(crc);
    }

    private static int afterByte(int crc, byte next) {
        int sum = crc ^ next << 24;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            sum = sum << 1 ^ (sum < 0 ? POLYNOMIAL : 0);
        }
        return sum;
    }

    /**
     * {@code qMemoryRegionInfo:}, which LLDB asks: the stretch of memory, or of none, that an
     * address begins.
     */
    String region(String text) {
        long page = Hex.number(text) & -PAGE;
        boolean mapped = isMapped(page);
        int most = mapped ? MOST_MAPPED : MOST_UNMAPPED;
        int pages = 1;
        while (pages < most
                && page + pages * PAGE != 0
                && isMapped(page + pages * PAGE) == mapped) {
            pages++;
        }
        String range = "start:%x;size:%x;".formatted(page, pages * PAGE);
        return mapped ? range + "permissions:rwx;" : range;
    }

    private boolean isMapped(long page) {
        long at = physical ? page : memory.translate(vcpu, page);
        return at != DebugMemory.NOWHERE && memory.isMemory(at);
    }

    private static long scanned(String length) {
        long value = Hex.number(length);
        if (Long.compareUnsigned(value, MOST_SCANNED) > 0) {
            throw new PacketError();
        }
        return value;
    }

    private static String[] split(String text, String separator, int parts) {
        String[] split = text.split(separator, parts);
        if (split.length != parts) {
            throw new PacketError();
        }
        return split;
    }
}
