package dev.carafe.devices.pit;

/**
 * One saved counter of {@link Pit8254.State}; clocks are those of the 1.193182 MHz input since
 * power-on.
 */
public record PitCounterState(
        int control,
        boolean gate,
        boolean written,
        boolean running,
        int initial,
        int next,
        long start,
        boolean paused,
        long switchAt,
        int lowByte,
        boolean writeHigh,
        boolean readHigh,
        int latched,
        int latchedBytes,
        int latchedStatus) {}
