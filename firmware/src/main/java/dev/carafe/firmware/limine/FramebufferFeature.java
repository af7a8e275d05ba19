package dev.carafe.firmware.limine;

import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.bytes.ByteWriter;

/**
 * The display (PROTOCOL, "Framebuffer Feature"), revision 1. The mode list holds the one mode that
 * the display has.
 *
 * <p>Not modelled: Flanterm parameters, which may be left unanswered.
 */
final class FramebufferFeature {
    private FramebufferFeature() {}

    static void answer(LimineContext context) {
        FramebufferDescription display = context.machine.framebuffer();
        int request = context.requests.find(LimineId.FRAMEBUFFER, 0);
        if (request < 0 || display == null) {
            return;
        }
        ResponseArena arena = context.arena;
        ByteWriter out = arena.out();
        int edid = arena.begin();
        out.bytes(Edid.bytes(display));
        int mode = arena.begin();
        out.u64(display.pitch()).u64(display.width()).u64(display.height());
        colours(out);
        out.zeros(7);
        int modes = arena.begin();
        arena.pointer(mode);

        int framebuffer = arena.begin();
        out.u64(context.hhdm + display.address())
                .u64(display.width())
                .u64(display.height())
                .u64(display.pitch());
        colours(out);
        out.zeros(7).u64(Edid.SIZE);
        arena.pointer(edid);
        out.u64(1);
        arena.pointer(modes);

        int array = arena.begin();
        arena.pointer(framebuffer);
        arena.beginResponse(request, 1);
        out.u64(1);
        arena.pointer(array);
    }

    /** Bits per pixel, memory model RGB, then size and shift of red, green and blue. */
    private static void colours(ByteWriter out) {
        out.u16(FramebufferDescription.BITS_PER_PIXEL).u8(1).u8(8).u8(16).u8(8).u8(8).u8(8).u8(0);
    }
}
