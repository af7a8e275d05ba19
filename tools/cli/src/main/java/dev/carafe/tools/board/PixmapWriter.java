package dev.carafe.tools.board;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntBinaryOperator;

/** Writes a picture as a portable pixmap, in its raw form with eight bits for each colour (PPM). */
final class PixmapWriter {
    private static final int BYTES_PER_PIXEL = 3;

    private PixmapWriter() {}

    /**
     * Writes a picture.
     *
     * @param pixel colour at x and y, red in bits 23:16
     */
    static void write(OutputStream stream, int width, int height, IntBinaryOperator pixel)
            throws IOException {
        String header = "P6\n" + width + " " + height + "\n255\n";
        stream.write(header.getBytes(StandardCharsets.US_ASCII));
        byte[] row = new byte[width * BYTES_PER_PIXEL];
        for (int y = 0; y < height; y++) {
            int at = 0;
            for (int x = 0; x < width; x++) {
                int colour = pixel.applyAsInt(x, y);
                row[at++] = (byte) (colour >> 16);
                row[at++] = (byte) (colour >> 8);
                row[at++] = (byte) colour;
            }
            stream.write(row);
        }
    }
}
