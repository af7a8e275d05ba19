package dev.carafe.tools.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the partitions of a disk begin (UEFI Specification, "GUID Partition Table (GPT) Disk
 * Layout", "Legacy Master Boot Record (MBR)").
 */
final class PartitionTable {
    private static final int SECTOR = 512;
    private static final int MBR_ENTRIES = 446;
    private static final int MBR_ENTRY = 16;
    private static final long GPT_SIGNATURE = 0x5452_4150_2049_4645L; // "EFI PART"
    private static final int MOST_ENTRIES = 256;

    private PartitionTable() {}

    /** Byte offsets, the GPT's before the MBR's; the disk as a whole is the last. */
    static List<Long> offsets(BlockFile file) throws IOException {
        List<Long> offsets = new ArrayList<>();
        if (file.size() >= 3 * SECTOR) {
            addGpt(file, offsets);
            ByteBuffer mbr = file.read(0, SECTOR);
            for (int i = 0; i < 4; i++) {
                long first = mbr.getInt(MBR_ENTRIES + i * MBR_ENTRY + 8) & 0xFFFF_FFFFL;
                if (first != 0) {
                    offsets.add(first * SECTOR);
                }
            }
        }
        offsets.add(0L);
        return offsets;
    }

    private static void addGpt(BlockFile file, List<Long> offsets) throws IOException {
        ByteBuffer header = file.read(SECTOR, SECTOR);
        if (header.getLong(0) != GPT_SIGNATURE) {
            return;
        }
        long table = header.getLong(72) * SECTOR;
        int count = Math.clamp(header.getInt(80), 0, MOST_ENTRIES);
        int size = header.getInt(84);
        if (size < 128 || size > SECTOR) {
            return;
        }
        ByteBuffer entries = file.read(table, (long) count * size);
        for (int i = 0; i < count; i++) {
            boolean used = entries.getLong(i * size) != 0 || entries.getLong(i * size + 8) != 0;
            long first = entries.getLong(i * size + 32);
            if (used && first > 0 && first < file.size() / SECTOR) {
                offsets.add(first * SECTOR);
            }
        }
    }
}
