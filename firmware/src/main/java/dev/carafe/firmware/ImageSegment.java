package dev.carafe.firmware;

/** Bytes that must stand in guest memory at the start. */
public sealed interface ImageSegment {
    long address();

    long length();

    /**
     * {@code length} bytes of {@code bytes} from {@code offset}. The array is shared, never copied:
     * do not change it.
     */
    record Data(long address, byte[] bytes, int offset, int count) implements ImageSegment {
        public Data(long address, byte[] bytes) {
            this(address, bytes, 0, bytes.length);
        }

        @Override
        public long length() {
            return count;
        }
    }

    /** Zeros. RAM that was never written may skip it; RAM after a reset may not. */
    record Zeros(long address, long length) implements ImageSegment {}
}
