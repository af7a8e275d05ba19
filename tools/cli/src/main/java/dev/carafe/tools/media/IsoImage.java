package dev.carafe.tools.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files of a CD image (ECMA-119, "Volume Descriptors", "Directory Records"), by their Rock
 * Ridge names where it has some (IEEE P1282, "NM").
 *
 * <p>Not modelled: Joliet, files of several extents, names continued in another sector.
 */
final class IsoImage implements FileTree {
    private static final int SECTOR = 2048;
    private static final int DESCRIPTOR = 16 * SECTOR;
    private static final int ROOT_RECORD = 156;
    private static final int EXTENT = 2;
    private static final int LENGTH = 10;
    private static final int FLAGS = 25;
    private static final int NAME_LENGTH = 32;
    private static final int NAME = 33;
    private static final int SMALLEST_RECORD = 34;
    private static final int DIRECTORY = 2;
    private static final int LARGEST_DIRECTORY = 16 << 20;

    private final BlockFile file;
    private final Extent root;

    /** A run of bytes. */
    private record Extent(long offset, long length, boolean directory) {}

    private IsoImage(BlockFile file, Extent root) {
        this.file = file;
        this.root = root;
    }

    /** The image's files; empty where it is no CD image. */
    static Optional<FileTree> of(BlockFile file) throws IOException {
        if (file.size() < DESCRIPTOR + SECTOR) {
            return Optional.empty();
        }
        ByteBuffer descriptor = file.read(DESCRIPTOR, SECTOR);
        String mark = new String(descriptor.array(), 0, 6, StandardCharsets.ISO_8859_1);
        return mark.equals("\u0001CD001")
                ? Optional.of(new IsoImage(file, extent(descriptor, ROOT_RECORD)))
                : Optional.empty();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Optional<Extent> here = Optional.of(root);
        for (String name : path.split("/+")) {
            if (!name.isEmpty()) {
                if (here.isEmpty() || !here.get().directory()) {
                    return Optional.empty();
                }
                here = find(here.get(), name);
            }
        }
        if (here.isEmpty() || here.get().directory()) {
            return Optional.empty();
        }
        return Optional.of(file.read(here.get().offset(), here.get().length()).array());
    }

    private Optional<Extent> find(Extent folder, String name) throws IOException {
        ByteBuffer records =
                file.read(folder.offset(), Math.min(folder.length(), LARGEST_DIRECTORY));
        int at = 0;
        while (at + SMALLEST_RECORD <= records.limit()) {
            int length = records.get(at) & 0xFF;
            if (length < SMALLEST_RECORD || at + length > records.limit()) {
                at = (at / SECTOR + 1) * SECTOR; // records do not cross sectors
                continue;
            }
            if (nameOf(records, at, length).equalsIgnoreCase(name)) {
                return Optional.of(extent(records, at));
            }
            at += length;
        }
        return Optional.empty();
    }

    private static Extent extent(ByteBuffer records, int at) {
        long sector = records.getInt(at + EXTENT) & 0xFFFF_FFFFL;
        long length = records.getInt(at + LENGTH) & 0xFFFF_FFFFL;
        boolean directory = (records.get(at + FLAGS) & DIRECTORY) != 0;
        return new Extent(sector * SECTOR, length, directory);
    }

    private static String nameOf(ByteBuffer records, int at, int length) {
        int nameLength = records.get(at + NAME_LENGTH) & 0xFF;
        if (NAME + nameLength > length) {
            return "";
        }
        String plain =
                new String(records.array(), at + NAME, nameLength, StandardCharsets.ISO_8859_1);
        int systemUse = at + NAME + nameLength + (nameLength % 2 == 0 ? 1 : 0);
        String rockRidge = rockRidgeName(records, systemUse, at + length);
        return rockRidge.isEmpty() ? plain.replaceFirst("\\.?;[0-9]+$", "") : rockRidge;
    }

    /** Entries of two letters, length, version, and here flags before the text. */
    private static String rockRidgeName(ByteBuffer records, int from, int end) {
        StringBuilder name = new StringBuilder();
        int at = from;
        while (at + 5 <= end) {
            int size = records.get(at + 2) & 0xFF;
            if (size < 4 || at + size > end) {
                break;
            }
            if (records.get(at) == 'N' && records.get(at + 1) == 'M') {
                name.append(new String(records.array(), at + 5, size - 5, StandardCharsets.UTF_8));
            }
            at += size;
        }
        return name.toString();
    }
}
