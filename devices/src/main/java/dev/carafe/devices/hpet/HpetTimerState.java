package dev.carafe.devices.hpet;

/** One saved comparator of {@link Hpet.State}. */
public record HpetTimerState(long configuration, long comparator, long period) {}
