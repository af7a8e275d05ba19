package dev.carafe.tools.board;

/**
 * An isa-debug-exit device: writing v ends the run with exit code 2v+1.
 *
 * @param port first I/O port
 * @param size number of ports
 */
public record DebugExitPort(int port, int size) {
    public static final int DEFAULT_PORT = 0x501;
    public static final int DEFAULT_SIZE = 2;
}
