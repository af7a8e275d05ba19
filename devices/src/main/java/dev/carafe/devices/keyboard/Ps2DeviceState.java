package dev.carafe.devices.keyboard;

import java.util.List;

/**
 * A saved keyboard or mouse, part of {@link Keyboard8042.State}.
 *
 * @param output bytes on their way to the controller
 * @param awaiting command whose argument comes next, or 0
 * @param reporting whether keys or movements are reported
 * @param setting scan code set or resolution
 */
public record Ps2DeviceState(List<Integer> output, int awaiting, boolean reporting, int setting) {}
