package dev.carafe.devices.apic;

import java.util.function.LongSupplier;

/**
 * The frequencies a local APIC counts with.
 *
 * @param timerHertz input clock of the APIC timer, before the divider
 * @param tscHertz frequency of the time-stamp counter
 * @param tscOffset what the vCPU's time-stamp counter is ahead of {@code clock.ticks(tscHertz)};
 *     called under the local APIC's lock, so it must not call back
 */
public record ApicClocks(long timerHertz, long tscHertz, LongSupplier tscOffset) {
    public ApicClocks {
        requirePositive("APIC timer", timerHertz);
        requirePositive("TSC", tscHertz);
    }

    /** Clocks of a processor whose time-stamp counter started at power-on and was never written. */
    public static ApicClocks of(long timerHertz, long tscHertz) {
        return new ApicClocks(timerHertz, tscHertz, () -> 0L);
    }

    private static void requirePositive(String what, long hertz) {
        if (hertz < 1) {
            throw new IllegalArgumentException(what + " frequency of " + hertz + " Hz");
        }
    }
}
