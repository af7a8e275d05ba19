package dev.carafe.tools.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Images with one folder and one file in it, byte by byte as the specifications say. */
final class TestMedia {
    private static final int CD_SECTOR = 2048;
    private static final int SECTOR = 512;

    private TestMedia() {}

    /** A CD with FOLDER/NAME, which have Rock Ridge names only when those are not empty. */
    static Path cd(Path file, String folder, String name, byte[] content, boolean rockRidge)
            throws IOException {
        ByteBuffer image = little(21 * CD_SECTOR + content.length);
        image.put(16 * CD_SECTOR, "\u0001CD001\u0001".getBytes(StandardCharsets.ISO_8859_1));
        record(image, 16 * CD_SECTOR + 156, 18, CD_SECTOR, 2, "\0", "");
        int at = record(image, 18 * CD_SECTOR, 18, CD_SECTOR, 2, "\0", "");
        String plain = rockRidge ? "FOLDER" : folder;
        record(image, at, 19, CD_SECTOR, 2, plain, rockRidge ? folder : "");
        at = record(image, 19 * CD_SECTOR, 19, CD_SECTOR, 2, "\0", "");
        at = record(image, at, 20, 1, 0, "OTHER.;1", "");
        plain = rockRidge ? "FILE.;1" : name + ";1";
        record(image, at, 20, content.length, 0, plain, rockRidge ? name : "");
        image.put(20 * CD_SECTOR, content);
        return Files.write(file, image.array());
    }

    private static int record(
            ByteBuffer image, int at, int sector, int length, int flags, String name, String nm) {
        int padded = 33 + name.length() + (name.length() % 2 == 0 ? 1 : 0);
        int size = padded + (nm.isEmpty() ? 0 : 5 + nm.length());
        size += size % 2;
        image.put(at, (byte) size).putInt(at + 2, sector).putInt(at + 10, length);
        image.put(at + 25, (byte) flags).put(at + 32, (byte) name.length());
        image.put(at + 33, name.getBytes(StandardCharsets.ISO_8859_1));
        if (!nm.isEmpty()) {
            image.put(at + padded, new byte[] {'N', 'M', (byte) (5 + nm.length()), 1, 0});
            image.put(at + padded + 5, nm.getBytes(StandardCharsets.UTF_8));
        }
        return at + size;
    }

    /** A FAT16 volume at a sector of a disk, with folder/name, the name a long one. */
    static Path fat16(Path file, int first, String folder, String name, byte[] content)
            throws IOException {
        int tableSectors = 20;
        int root = 1 + tableSectors;
        int data = root + 1;
        ByteBuffer disk = little((first + data + 5000) * SECTOR);
        ByteBuffer volume = disk.slice(first * SECTOR, (data + 5000) * SECTOR);
        volume.order(ByteOrder.LITTLE_ENDIAN);
        volume.putShort(11, (short) SECTOR).put(13, (byte) 1).putShort(14, (short) 1);
        volume.put(16, (byte) 1).putShort(17, (short) 16).putShort(19, (short) (data + 5000));
        volume.putShort(22, (short) tableSectors).putShort(510, (short) 0xAA55);
        entry(volume, root * SECTOR, folder, 0x10, 2, 0);
        int at = data * SECTOR;
        at = longName(volume, at, name);
        entry(volume, at, "SHORT~1", 0, 10, content.length);
        int clusters = (content.length + SECTOR - 1) / SECTOR;
        volume.putShort(SECTOR + 2 * 2, (short) 0xFFFF);
        for (int i = 0; i < clusters; i++) { // every second cluster, so that the chain matters
            int cluster = 10 + 2 * i;
            int next = i == clusters - 1 ? 0xFFFF : cluster + 2;
            volume.putShort(SECTOR + 2 * cluster, (short) next);
            int length = Math.min(SECTOR, content.length - i * SECTOR);
            volume.put((data + cluster - 2) * SECTOR, content, i * SECTOR, length);
        }
        return Files.write(file, disk.array());
    }

    private static void entry(
            ByteBuffer volume, int at, String name, int attributes, int cluster, int length) {
        volume.put(at, String.format("%-11s", name).getBytes(StandardCharsets.US_ASCII));
        volume.put(at + 11, (byte) attributes).putShort(at + 26, (short) cluster);
        volume.putInt(at + 28, length);
    }

    private static int longName(ByteBuffer volume, int start, String name) {
        int[] places = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
        int parts = (name.length() + places.length - 1) / places.length;
        int at = start;
        for (int part = parts - 1; part >= 0; part--) {
            volume.put(at, (byte) (part + 1)).put(at + 11, (byte) 0x0F);
            for (int i = 0; i < places.length; i++) {
                int index = part * places.length + i;
                int c =
                        index < name.length()
                                ? name.charAt(index)
                                : index == name.length() ? 0 : 0xFFFF;
                volume.putChar(at + places[i], (char) c);
            }
            at += 32;
        }
        return at;
    }

    /** Enters a partition into the disk's master boot record. */
    static void partition(Path disk, int first) throws IOException {
        ByteBuffer image = little(0, Files.readAllBytes(disk));
        image.putInt(446 + 8, first).putShort(510, (short) 0xAA55);
        Files.write(disk, image.array());
    }

    /** Enters a partition into a GUID partition table. */
    static void guidPartition(Path disk, int first) throws IOException {
        ByteBuffer image = little(0, Files.readAllBytes(disk));
        image.put(SECTOR, "EFI PART".getBytes(StandardCharsets.US_ASCII));
        image.putLong(SECTOR + 72, 2).putInt(SECTOR + 80, 4).putInt(SECTOR + 84, 128);
        image.putLong(2 * SECTOR + 128, 1).putLong(2 * SECTOR + 128 + 32, first);
        Files.write(disk, image.array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer little(int position, byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(position);
    }
}
