package dev.carafe.tools.verify;

/**
 * Linear addresses that both processors map alike; {@code protocol.h} of the native program has the
 * same ones. All but the last page lie where 32-bit code reaches them.
 */
final class Layout {
    static final int PAGE = 4096;
    static final long CODE = 0x1000_0000L;
    static final int CODE_PAGES = 32;
    static final int CODE_BYTES = CODE_PAGES * PAGE;

    /** Code behind an instruction leaves to here. */
    static final long EXIT = 0x0F00_0000L;

    static final int EXIT_SELECTOR = 0x33;

    /** Two pages, a hole, a page and one that cannot be written; a hole before and behind. */
    static final long DATA = 0x2000_0000L;

    static final long READ_ONLY = DATA + 4 * PAGE;

    /** The last page that 32-bit addresses reach; another one follows. */
    static final long TOP = 0xFFFF_F000L;

    private static final long[] DATA_PAGES = {
        DATA, DATA + PAGE, DATA + 3 * PAGE, READ_ONLY, TOP, TOP + PAGE
    };
    static final int DATA_BYTES = DATA_PAGES.length * PAGE;
    static final int BLOCK = 64;

    private static final long PATTERN_SEED = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER = 6364136223846793005L;
    private static final long INCREMENT = 1442695040888963407L;

    private Layout() {}

    static int dataPages() {
        return DATA_PAGES.length;
    }

    static long dataPage(int index) {
        return DATA_PAGES[index];
    }

    /** Where a byte of the data area is in an array of all its pages, or -1. */
    static int dataOffset(long address) {
        for (int i = 0; i < DATA_PAGES.length; i++) {
            long offset = address - DATA_PAGES[i];
            if (offset >= 0 && offset < PAGE) {
                return i * PAGE + (int) offset;
            }
        }
        return -1;
    }

    /** The address of a byte of {@link #dataOffset}. */
    static long dataAddress(int offset) {
        return DATA_PAGES[offset / PAGE] + offset % PAGE;
    }

    /** Content of the data area between cases. */
    static byte[] pattern() {
        byte[] bytes = new byte[DATA_BYTES];
        long seed = PATTERN_SEED;
        for (int i = 0; i < bytes.length; i += Long.BYTES) {
            seed = seed * MULTIPLIER + INCREMENT;
            long word = seed ^ seed >>> 29;
            for (int j = 0; j < Long.BYTES; j++) {
                bytes[i + j] = (byte) (word >>> 8 * j);
            }
        }
        return bytes;
    }
}
