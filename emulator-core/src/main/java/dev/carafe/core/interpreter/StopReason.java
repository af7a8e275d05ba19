package dev.carafe.core.interpreter;

/** Why {@link Interpreter#run} came back. It never blocks; waiting is its caller's business. */
public enum StopReason {
    /** The instructions asked for have been executed. */
    BUDGET,
    /** HLT, MWAIT, wait-for-SIPI, parked or shut down: nothing happens before an event. */
    IDLE,
    /** The vCPU spins (PAUSE): whoever shares a host core may go first. */
    SPINNING,
    /** {@link dev.carafe.core.cpu.Events#STOP} was raised. */
    STOP_REQUESTED,
    /** A debug point was hit: see {@link dev.carafe.core.cpu.DebuggerStops#hit}. */
    DEBUGGER,
    /** A triple fault has just happened. */
    SHUTDOWN
}
