package dev.carafe.tools.cli;

import dev.carafe.tools.cli.Properties.Property;

/** {@code -m [size=]N[K|M|G|T]}: MiB without a suffix. */
final class MemoryOption {
    static final long DEFAULT_BYTES = 128L << 20;

    private static final int MIB_SHIFT = 20;
    private static final long LEAST_MIB = 16;
    private static final long MOST_MIB = 1L << 20;
    private static final int MOST_DIGITS =
            12; // any more would not fit when shifted, and is refused as too much anyway
    private static final long GRANULE = 8192;

    private MemoryOption() {}

    /** The size in bytes, rounded up to the granule that QEMU has. */
    static long parse(String option, String value) {
        String size = null;
        for (Property property : Properties.parse(value)) {
            if (property.isFlag() && size == null) {
                size = property.key();
            } else if (property.key().equals("size") && !property.isFlag()) {
                size = property.value();
            } else {
                throw UsageError.of(
                        option,
                        value,
                        "'" + property.key() + "' is not known here, memory cannot be plugged in");
            }
        }
        long bytes = bytes(option, value, size);
        if (bytes < LEAST_MIB << MIB_SHIFT) {
            throw UsageError.of(
                    option, value, "a machine needs at least " + LEAST_MIB + " MiB of memory");
        }
        if (bytes > MOST_MIB << MIB_SHIFT) {
            throw UsageError.of(option, value, "a machine has at most 1 TiB of memory");
        }
        return (bytes + GRANULE - 1) & -GRANULE;
    }

    private static long bytes(String option, String value, String size) {
        int digits = 0;
        while (digits < size.length() && Character.digit(size.charAt(digits), 10) >= 0) {
            digits++;
        }
        int shift =
                switch (size.substring(digits)) {
                    case "", "M", "m" -> MIB_SHIFT;
                    case "B", "b" -> 0;
                    case "K", "k" -> 10;
                    case "G", "g" -> 30;
                    case "T", "t" -> 40;
                    default -> -1;
                };
        if (digits == 0 || shift < 0) {
            throw UsageError.of(
                    option, value, "'" + size + "' is not a size such as 512, 512M or 2G");
        }
        if (digits > MOST_DIGITS) {
            return Long.MAX_VALUE;
        }
        long number = Long.parseLong(size.substring(0, digits));
        return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    }
}
