package dev.carafe.firmware;

import java.util.Arrays;

/**
 * A firmware image of the user's, as a PC's flash memory shows it: its end lies at 4 GiB, where the
 * reset vector is, and its last 128 KiB lie below 1 MiB too.
 *
 * <p>Not modelled: writing to the flash, shadowing (the copy below 1 MiB stays read-only).
 *
 * @param bytes the whole image; shared, never changed
 */
public record FirmwareRom(byte[] bytes) {
    private static final int UNIT = 64 << 10;
    private static final int LARGEST = 8 << 20;
    private static final int LOW_LARGEST = 128 << 10;
    private static final long TOP = 1L << 32;
    private static final long LOW_TOP = 1L << 20;

    /**
     * @param name the file's, for messages
     * @throws BootException when no flash memory has this size
     */
    public static FirmwareRom of(byte[] bytes, String name) throws BootException {
        if (bytes.length == 0 || bytes.length % UNIT != 0 || bytes.length > LARGEST) {
            throw new BootException(
                    "firmware '%s' has %d bytes: it must be a multiple of 64 KiB up to 8 MiB"
                            .formatted(name, bytes.length));
        }
        return new FirmwareRom(bytes);
    }

    /** Where the image begins. */
    public long address() {
        return TOP - bytes.length;
    }

    /** Where the copy of its end begins that real-mode code sees. */
    public long lowAddress() {
        return LOW_TOP - Math.min(bytes.length, LOW_LARGEST);
    }

    public byte[] lowBytes() {
        return Arrays.copyOfRange(bytes, Math.max(0, bytes.length - LOW_LARGEST), bytes.length);
    }
}
