package dev.carafe.devices;

/** Checks that every device makes before it continues from a saved state. */
public final class SavedState {
    private SavedState() {}

    /**
     * Checks a state's version.
     *
     * @throws IllegalArgumentException when it is not the one this device reads
     */
    public static void requireVersion(int expected, int found, String device) {
        if (expected != found) {
            throw new IllegalArgumentException(
                    "state of %s has version %d, this build reads version %d"
                            .formatted(device, found, expected));
        }
    }
}
