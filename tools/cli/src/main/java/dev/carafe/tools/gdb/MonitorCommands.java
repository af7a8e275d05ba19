package dev.carafe.tools.gdb;

/** What {@code monitor TEXT} in GDB reaches. */
@FunctionalInterface
public interface MonitorCommands {
    /**
     * Executes one line; called while no vCPU's state is being read by anybody else.
     *
     * @return what it prints, lines ended
     */
    String execute(String line);
}
