package dev.carafe.core.machine;

import dev.carafe.core.cpu.DebugPoint;

/**
 * Why the machine stands still for somebody outside the guest.
 *
 * @param vcpu the one that caused it, or {@link #NOBODY}
 */
public record Stop(Cause cause, int vcpu) {
    /** The host wanted it. */
    public static final int NOBODY = -1;

    /** What happened. */
    public sealed interface Cause {}

    /** {@link RunControl#stop} was called. */
    public record Requested() implements Cause {}

    /** The step, or the steps through a range, that {@link Motion} asked for are done. */
    public record Stepped() implements Cause {}

    /**
     * A debug point was hit.
     *
     * @param address of the instruction, or of the first byte accessed that the point wants to know
     *     of
     */
    public record Reached(DebugPoint point, long address) implements Cause {}

    /** A triple fault: when the machine goes on, its run ends. */
    public record ShutDown() implements Cause {}
}
