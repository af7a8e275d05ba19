package dev.carafe.core.memory;

/** Told when bytes of a page marked by {@link PageStates#markCode} change. */
@FunctionalInterface
public interface CodeWatcher {
    /**
     * Bytes have been stored. The range lies in one page; any thread may call.
     *
     * @param physical address of the first byte
     * @param length number of bytes, at least 1
     */
    void written(long physical, int length);
}
