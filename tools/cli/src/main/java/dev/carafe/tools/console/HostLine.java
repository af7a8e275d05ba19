package dev.carafe.tools.console;

import java.util.function.IntConsumer;

/** A line to something on the host that sends and receives: a socket, a terminal, a device. */
public interface HostLine extends IntConsumer, InputLine, AutoCloseable {
    /** Lets what was sent reach the other end, as far as that takes it soon, and hangs up. */
    @Override
    void close();
}
