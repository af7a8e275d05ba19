package dev.carafe.tools.board;

/**
 * What a guest's reset and power-off lead to.
 *
 * @param noReboot a reset ends the run instead of starting the machine again
 * @param noShutdown a power-off stops the machine but keeps the process
 * @param qemuExitCodes the exit code is 0 for everything but isa-debug-exit
 */
public record Ending(boolean noReboot, boolean noShutdown, boolean qemuExitCodes) {}
