package dev.carafe.firmware;

/** A linear framebuffer of 32-bit pixels, blue in the lowest byte. */
public record FramebufferDescription(long address, int width, int height) {
    public static final int BITS_PER_PIXEL = 32;

    public FramebufferDescription {
        if (width < 1 || height < 1 || width > 4095 || height > 4095 || (address & 0xFFF) != 0) {
            throw new IllegalArgumentException(
                    "framebuffer of "
                            + width
                            + "x"
                            + height
                            + " at 0x"
                            + Long.toHexString(address)
                            + " is not between 1x1 and 4095x4095 on a page boundary");
        }
    }

    /** 1280x800 at the usual place. */
    public static FramebufferDescription standard() {
        return new FramebufferDescription(GuestLayout.FRAMEBUFFER, 1280, 800);
    }

    public int pitch() {
        return width * (BITS_PER_PIXEL / 8);
    }

    public long sizeInBytes() {
        return (long) pitch() * height;
    }
}
