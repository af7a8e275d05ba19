package dev.carafe.tools.board;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a picture as PNG (Portable Network Graphics specification, "Chunk layout", "Filtering"):
 * eight bits each of red, green and blue, rows unfiltered.
 */
final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte BITS = 8;
    private static final byte TRUECOLOUR = 2;
    private static final int BYTES_PER_PIXEL = 3;
    private static final int HEADER_LENGTH = 13;

    private PngWriter() {}

    /**
     * Writes a picture.
     *
     * @param pixel colour at x and y, red in bits 23:16
     */
    static void write(OutputStream stream, int width, int height, IntBinaryOperator pixel)
            throws IOException {
        stream.write(SIGNATURE);
        byte[] header =
                ByteBuffer.allocate(HEADER_LENGTH)
                        .putInt(width)
                        .putInt(height)
                        .put(BITS)
                        .put(TRUECOLOUR)
                        .array(); // compression, filter and interlace methods are zero
        chunk(stream, "IHDR", header);
        chunk(stream, "IDAT", compressed(width, height, pixel));
        chunk(stream, "IEND", new byte[0]);
    }

    private static byte[] compressed(int width, int height, IntBinaryOperator pixel)
            throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        byte[] row = new byte[1 + width * BYTES_PER_PIXEL]; // the first byte says: no filter
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
            for (int y = 0; y < height; y++) {
                int at = 1;
                for (int x = 0; x < width; x++) {
                    int colour = pixel.applyAsInt(x, y);
                    row[at++] = (byte) (colour >> 16);
                    row[at++] = (byte) (colour >> 8);
                    row[at++] = (byte) colour;
                }
                deflater.write(row);
            }
        }
        return data.toByteArray();
    }

    private static void chunk(OutputStream stream, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        stream.write(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        stream.write(name);
        stream.write(data);
        stream.write(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array());
    }
}
