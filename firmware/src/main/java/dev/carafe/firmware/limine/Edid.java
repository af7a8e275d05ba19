package dev.carafe.firmware.limine;

import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.bytes.ByteWriter;

/**
 * A monitor that likes exactly the framebuffer's size at 60 Hz (VESA Enhanced EDID Standard,
 * release A, "EDID 1.3").
 */
final class Edid {
    static final int SIZE = 128;

    private static final int HORIZONTAL_BLANKING = 160;
    private static final int VERTICAL_BLANKING = 30;
    private static final int REFRESH = 60;
    private static final int PIXELS_PER_CENTIMETRE = 40;

    private Edid() {}

    static byte[] bytes(FramebufferDescription display) {
        ByteWriter out = new ByteWriter(SIZE);
        out.u8(0).u32(-1).u16(0xFFFF).u8(0); // header
        out.u16(0x320C)
                .u16(1)
                .u32(0); // manufacturer "CRF" in compressed letters, big endian; product; serial
        // number
        out.u8(1).u8(35); // week 1 of 2025
        out.u8(1).u8(3); // EDID 1.3
        out.u8(0x80); // digital input
        out.u8(centimetres(display.width())).u8(centimetres(display.height()));
        out.u8(120); // gamma 2.2
        out.u8(0x0A); // RGB colour, preferred timing is the first one
        out.u32(0xA354_91EE).u32(0x260F_994C).u16(0x5450); // sRGB primaries
        out.zeros(3); // no established timings
        for (int i = 0; i < 8; i++) {
            out.u16(0x0101); // unused standard timing
        }
        detailedTiming(out, display);
        name(out);
        for (int i = 0; i < 2; i++) {
            out.zeros(3).u8(0x10).zeros(14); // dummy descriptor
        }
        out.u8(0).u8(0);
        return out.checksum(SIZE - 1, 0, SIZE).toByteArray();
    }

    private static int centimetres(int pixels) {
        return Math.clamp(pixels / PIXELS_PER_CENTIMETRE, 1, 255);
    }

    private static void detailedTiming(ByteWriter out, FramebufferDescription display) {
        int width = display.width();
        int height = display.height();
        long clock =
                (long) (width + HORIZONTAL_BLANKING)
                        * (height + VERTICAL_BLANKING)
                        * REFRESH
                        / 10_000;
        int widthInMillimetres = centimetres(width) * 10;
        int heightInMillimetres = centimetres(height) * 10;
        out.u16((int) Math.min(clock, 0xFFFF));
        out.u8(width).u8(HORIZONTAL_BLANKING).u8(width >> 8 << 4 | HORIZONTAL_BLANKING >> 8);
        out.u8(height).u8(VERTICAL_BLANKING).u8(height >> 8 << 4 | VERTICAL_BLANKING >> 8);
        out.u8(48).u8(32).u8(3 << 4 | 6).u8(0); // sync offsets and widths
        out.u8(widthInMillimetres).u8(heightInMillimetres);
        out.u8(widthInMillimetres >> 8 << 4 | heightInMillimetres >> 8);
        out.u8(0).u8(0).u8(0x1E); // no border; digital separate sync, both positive
    }

    private static void name(ByteWriter out) {
        out.zeros(3).u8(0xFC).u8(0).ascii("Carafe").u8('\n').ascii("      ");
    }
}
