package dev.carafe.tools.board;

import java.nio.file.Path;

/** Where a debugger on the host connects. */
public sealed interface DebuggerPort {
    /**
     * A TCP port.
     *
     * @param host the address to listen at; empty for all
     * @param port 0 for any that is free
     */
    record Tcp(String host, int port) implements DebuggerPort {}

    /** A socket in the file system. */
    record Unix(Path path) implements DebuggerPort {}

    /** Standard input and output, for {@code target remote | carafe ...}. */
    record Stdio() implements DebuggerPort {}
}
