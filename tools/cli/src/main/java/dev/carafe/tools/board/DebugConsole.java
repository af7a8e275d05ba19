package dev.carafe.tools.board;

/**
 * A port whose written bytes go to the host.
 *
 * @param port the I/O port
 * @param host where the bytes go
 */
public record DebugConsole(int port, HostPort host) {
    /** Where the Bochs and QEMU consoles are found. */
    public static final int DEFAULT_PORT = 0xE9;
}
