package dev.carafe.tools.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files of a FAT12, FAT16 or FAT32 volume (Microsoft, "FAT32 File System Specification": "Boot
 * Sector and BPB", "FAT Data Structure", "Long Directory Entries").
 */
final class FatVolume implements FileTree {
    private static final int SECTOR = 512;
    private static final int ENTRY = 32;
    private static final int LONG_NAME = 0x0F;
    private static final int VOLUME_LABEL = 0x08;
    private static final int DIRECTORY = 0x10;
    private static final int DELETED = 0xE5;
    private static final int[] LONG_NAME_PARTS = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    private static final int MOST_FAT12 = 4085;
    private static final int MOST_FAT16 = 65525;
    private static final long LARGEST_DIRECTORY = 16 << 20;

    private final BlockFile file;
    private final long start;
    private final FatLayout layout;

    private FatVolume(BlockFile file, long start, FatLayout layout) {
        this.file = file;
        this.start = start;
        this.layout = layout;
    }

    /** Where the parts of a volume are, in bytes from its beginning. */
    private record FatLayout(
            int bits,
            long table,
            long rootOffset,
            long rootLength,
            int rootCluster,
            long data,
            int clusterSize,
            int clusters) {}

    /** A directory entry. */
    private record Entry(int cluster, long length, boolean directory) {}

    /** The volume that begins there; empty where there is none. */
    static Optional<FileTree> of(BlockFile file, long start) throws IOException {
        if (start < 0 || start + SECTOR > file.size()) {
            return Optional.empty();
        }
        ByteBuffer boot = file.read(start, SECTOR);
        int sector = boot.getShort(11) & 0xFFFF;
        int perCluster = boot.get(13) & 0xFF;
        int reserved = boot.getShort(14) & 0xFFFF;
        int tables = boot.get(16) & 0xFF;
        boolean valid =
                (boot.getShort(510) & 0xFFFF) == 0xAA55
                        && Integer.bitCount(sector) == 1
                        && sector >= SECTOR
                        && Integer.bitCount(perCluster) == 1
                        && reserved > 0
                        && tables > 0
                        && tables <= 2;
        if (!valid) {
            return Optional.empty();
        }
        return Optional.of(new FatVolume(file, start, layout(boot, sector, perCluster)));
    }

    private static FatLayout layout(ByteBuffer boot, int sector, int perCluster) {
        long reserved = boot.getShort(14) & 0xFFFF;
        long rootEntries = boot.getShort(17) & 0xFFFF;
        long total = boot.getShort(19) & 0xFFFF;
        total = total == 0 ? boot.getInt(32) & 0xFFFF_FFFFL : total;
        long tableSectors = boot.getShort(22) & 0xFFFF;
        tableSectors = tableSectors == 0 ? boot.getInt(36) & 0xFFFF_FFFFL : tableSectors;
        long root = reserved + (boot.get(16) & 0xFF) * tableSectors;
        long rootLength = rootEntries * ENTRY;
        long data = root + (rootLength + sector - 1) / sector;
        int clusters = Math.clamp((total - data) / perCluster, 0, 1 << 28);
        int bits = clusters < MOST_FAT12 ? 12 : clusters < MOST_FAT16 ? 16 : 32;
        int rootCluster = rootEntries == 0 ? boot.getInt(44) : 0;
        return new FatLayout(
                rootEntries == 0 ? 32 : bits,
                reserved * sector,
                root * sector,
                rootLength,
                rootCluster,
                data * sector,
                perCluster * sector,
                clusters);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        byte[] folder = root();
        Optional<Entry> here = Optional.empty();
        for (String name : path.split("/+")) {
            if (name.isEmpty()) {
                continue;
            }
            if (here.isPresent()) {
                if (!here.get().directory()) {
                    return Optional.empty();
                }
                folder = chain(here.get().cluster(), LARGEST_DIRECTORY);
            }
            here = find(folder, name);
            if (here.isEmpty()) {
                return Optional.empty();
            }
        }
        if (here.isEmpty() || here.get().directory()) {
            return Optional.empty();
        }
        byte[] whole = chain(here.get().cluster(), here.get().length());
        return Optional.of(java.util.Arrays.copyOf(whole, (int) here.get().length()));
    }

    private byte[] root() throws IOException {
        return layout.rootCluster == 0
                ? file.read(start + layout.rootOffset, layout.rootLength).array()
                : chain(layout.rootCluster, LARGEST_DIRECTORY);
    }

    /** The bytes of a chain of clusters, up to a length. */
    private byte[] chain(int first, long length) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        int cluster = first;
        for (int i = 0; i <= layout.clusters && bytes.size() < length; i++) {
            if (cluster < 2 || cluster - 2 >= layout.clusters) {
                return bytes.toByteArray();
            }
            long offset = start + layout.data + (cluster - 2L) * layout.clusterSize;
            bytes.write(file.read(offset, layout.clusterSize).array());
            cluster = next(cluster);
        }
        return bytes.toByteArray();
    }

    private int next(int cluster) throws IOException {
        long table = start + layout.table;
        return switch (layout.bits) {
            case 12 -> {
                int pair = file.read(table + cluster + cluster / 2, 2).getShort() & 0xFFFF;
                yield cluster % 2 == 0 ? pair & 0xFFF : pair >> 4;
            }
            case 16 -> file.read(table + cluster * 2L, 2).getShort() & 0xFFFF;
            default -> file.read(table + cluster * 4L, 4).getInt() & 0x0FFF_FFFF;
        };
    }

    private static Optional<Entry> find(byte[] folder, String name) {
        ByteBuffer entries = ByteBuffer.wrap(folder).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        String longName = "";
        for (int at = 0; at + ENTRY <= folder.length && folder[at] != 0; at += ENTRY) {
            int attributes = folder[at + 11];
            if ((folder[at] & 0xFF) == DELETED) {
                longName = "";
            } else if ((attributes & LONG_NAME) == LONG_NAME) {
                longName = longPart(entries, at) + longName; // the last part comes first
            } else {
                boolean label = (attributes & VOLUME_LABEL) != 0;
                if (!label
                        && (name.equalsIgnoreCase(longName)
                                || name.equalsIgnoreCase(shortName(folder, at)))) {
                    return Optional.of(entry(entries, at));
                }
                longName = "";
            }
        }
        return Optional.empty();
    }

    private static Entry entry(ByteBuffer entries, int at) {
        int cluster =
                (entries.getShort(at + 20) & 0xFFFF) << 16 | entries.getShort(at + 26) & 0xFFFF;
        boolean directory = (entries.get(at + 11) & DIRECTORY) != 0;
        return new Entry(cluster, entries.getInt(at + 28) & 0xFFFF_FFFFL, directory);
    }

    private static String longPart(ByteBuffer entries, int at) {
        StringBuilder part = new StringBuilder();
        for (int offset : LONG_NAME_PARTS) {
            char c = entries.getChar(at + offset);
            if (c == 0 || c == 0xFFFF) {
                break;
            }
            part.append(c);
        }
        return part.toString();
    }

    private static String shortName(byte[] folder, int at) {
        String name = new String(folder, at, 8, StandardCharsets.ISO_8859_1).strip();
        String extension = new String(folder, at + 8, 3, StandardCharsets.ISO_8859_1).strip();
        return extension.isEmpty() ? name : name + "." + extension;
    }
}
