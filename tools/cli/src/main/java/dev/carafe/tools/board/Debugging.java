package dev.carafe.tools.board;

import java.util.Optional;

/**
 * How the host looks into the machine.
 *
 * @param gdb where the GDB server listens
 * @param startsStopped whether nothing is executed before a debugger or monitor says so
 */
public record Debugging(Optional<DebuggerPort> gdb, boolean startsStopped) {
    public static final Debugging NONE = new Debugging(Optional.empty(), false);

    /** Whether it does not. Said without a record's equals, whose first call takes 15 ms. */
    public boolean nobody() {
        return gdb.isEmpty() && !startsStopped;
    }
}
