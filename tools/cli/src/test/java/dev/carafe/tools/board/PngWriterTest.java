package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngWriterTest {
    @Test
    void anotherReaderSeesTheSamePixels() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        PngWriter.write(file, 5, 3, PngWriterTest::colour);

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));

        assertEquals(5, image.getWidth());
        assertEquals(3, image.getHeight());
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                assertEquals(0xFF000000 | colour(x, y), image.getRGB(x, y), "pixel " + x + "," + y);
            }
        }
    }

    private static int colour(int x, int y) {
        return (x * 50) << 16 | (y * 80) << 8 | 255 - x;
    }
}
