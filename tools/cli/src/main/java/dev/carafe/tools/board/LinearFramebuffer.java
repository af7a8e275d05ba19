package dev.carafe.tools.board;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.firmware.FramebufferDescription;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The picture memory: 32-bit pixels, blue in the lowest byte. Each access is one plain load or
 * store, as in RAM; several vCPUs may draw at once.
 *
 * <p>Not modelled: a mode other than the one it is made for, and a window that shows it.
 */
final class LinearFramebuffer implements BusDevice {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final FramebufferDescription description;
    private final byte[] bytes; // plain accesses by any vCPU: a torn pixel is only seen

    LinearFramebuffer(FramebufferDescription description) {
        this.description = description;
        this.bytes = new byte[Math.toIntExact(description.sizeInBytes())];
    }

    FramebufferDescription description() {
        return description;
    }

    /** The colour of a pixel, red in bits 23:16. */
    int pixel(int x, int y) {
        return (int) INT.get(bytes, y * description.pitch() + x * Integer.BYTES) & 0xFF_FFFF;
    }

    @Override
    public long read(int offset, int size) {
        return switch (size) {
            case 1 -> bytes[offset] & 0xFF;
            case 2 -> (short) SHORT.get(bytes, offset) & 0xFFFF;
            case 4 -> (int) INT.get(bytes, offset) & 0xFFFF_FFFFL;
            default -> (long) LONG.get(bytes, offset);
        };
    }

    @Override
    public void write(int offset, int size, long value) {
        switch (size) {
            case 1 -> bytes[offset] = (byte) value;
            case 2 -> SHORT.set(bytes, offset, (short) value);
            case 4 -> INT.set(bytes, offset, (int) value);
            default -> LONG.set(bytes, offset, value);
        }
    }
}
