package dev.carafe.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.firmware.FramebufferDescription;
import org.junit.jupiter.api.Test;

class LinearFramebufferTest {
    private final LinearFramebuffer framebuffer =
            new LinearFramebuffer(new FramebufferDescription(0x1000, 16, 4));

    @Test
    void accessesOfEverySizeSeeTheSameLittleEndianBytes() {
        framebuffer.write(8, 8, 0x1122334455667788L);
        framebuffer.write(9, 1, 0xAA);
        framebuffer.write(14, 2, 0xBBCC);

        assertEquals(0xBBCC33445566AA88L, framebuffer.read(8, 8));
        assertEquals(0xBBCC3344L, framebuffer.read(12, 4));
        assertEquals(0xAA88, framebuffer.read(8, 2));
        assertEquals(0xBB, framebuffer.read(15, 1));
    }

    @Test
    void aPixelHasRedInItsThirdByte() {
        framebuffer.write(2 * 64 + 3 * 4, 4, 0xFF_12_34_56L);

        assertEquals(0x123456, framebuffer.pixel(3, 2), "the fourth byte is not a colour");
    }
}
