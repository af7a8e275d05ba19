package dev.carafe.core.machine;

import dev.carafe.core.cpu.TripleFault;

/** How a machine's run ended. */
public sealed interface Outcome {
    /** The guest switched the machine off. */
    record PoweredOff() implements Outcome {}

    /** The guest asked for a reset: keyboard controller, port CF9, port 92. */
    record Reset() implements Outcome {}

    /**
     * The guest wrote to isa-debug-exit.
     *
     * @param code what the process exits with
     */
    record DebugExit(int code) implements Outcome {}

    /** A vCPU could deliver neither an exception nor the double fault that came of it. */
    record TripleFaulted(int vcpu, TripleFault fault) implements Outcome {}

    /** The host asked for the end. */
    record Stopped() implements Outcome {}

    /** In {@link InternalError}: it happened on no vCPU's thread. */
    int NO_VCPU = -1;

    /** A defect of the emulator. */
    record InternalError(int vcpu, Throwable cause) implements Outcome {}
}
