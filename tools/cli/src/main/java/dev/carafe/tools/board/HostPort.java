package dev.carafe.tools.board;

import java.nio.file.Path;

/** The host's end of a byte stream that a device sends and receives. */
public sealed interface HostPort {
    /** The device itself is absent. */
    record None() implements HostPort {}

    /** The device is there, its wire leads nowhere. */
    record Disconnected() implements HostPort {}

    /**
     * Standard input and output.
     *
     * @param escapes whether Ctrl-A begins a command to Carafe, and Ctrl-C reaches the guest
     */
    record Stdio(boolean escapes) implements HostPort {}

    /** A file that gets what is sent. */
    record ToFile(Path file) implements HostPort {}
}
