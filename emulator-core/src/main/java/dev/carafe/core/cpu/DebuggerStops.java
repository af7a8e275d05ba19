package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;

/**
 * One processor's side of a debugger on the host: compares with the {@link DebugPoints}, and keeps
 * the one that was hit until somebody takes it over. vCPU thread only, or another one while the
 * machine stands still.
 *
 * <p>A code point hits before its instruction, a data point behind the instruction that made the
 * access, as the guest's own do (see {@link Breakpoints}): that instruction is executed by itself.
 * For the others in a page with code points nothing changes: it is decoded once more, with records
 * at the points that ask.
 */
public final class DebuggerStops {
    /**
     * What was hit.
     *
     * @param point the debug point
     * @param address of the instruction, or of the first byte accessed that the point wants to know
     *     of
     */
    public record Hit(DebugPoint point, long address) {}

    private final Cpu cpu;
    private DebugPoints points = DebugPoints.NONE;
    private Hit hit;
    private boolean passing; // the code point at passAt does not stop
    private long passAt;
    private long passStack;

    /**
     * Events that stay pending while a debugger executes single instructions: bits of {@link
     * Events}.
     */
    public int maskedEvents;

    DebuggerStops(Cpu cpu) {
        this.cpu = cpu;
    }

    /** Replaces what is compared with; the caller tells {@link Breakpoints#changed} afterwards. */
    void set(DebugPoints points) {
        this.points = points;
    }

    /** Whether a debugger wants anything to stop. */
    public boolean any() {
        return !points.all().isEmpty();
    }

    DebugPoints points() {
        return points;
    }

    /** What was hit and not yet taken over, or null. */
    public Hit hit() {
        return hit;
    }

    /** Forgets what was hit. */
    public void clearHit() {
        hit = null;
        cpu.events.clear(Events.DEBUGGER);
    }

    /** The code point at the next instruction does not stop, once: that stop has been seen. */
    public void passNext(long linear) {
        passing = true;
        passAt = linear;
        passStack = cpu.regs[Registers.RSP];
    }

    public void passNothing() {
        passing = false;
    }

    /** Whether code points lie in the page of a linear address. */
    public boolean inCodePage(long linear) {
        return points.codeInPage(linear);
    }

    /**
     * Called before each instruction that may have a code point; when it returns true the
     * instruction is not executed now.
     */
    public boolean stopsAt(long linear) {
        if (!points.codeAt(linear)) {
            return false;
        }
        // The stack tells an interrupt handler that comes here from the instruction that waits.
        if (passing && passAt == linear && passStack == cpu.regs[Registers.RSP]) {
            passing = false;
            return false;
        }
        note(new Hit(DebugPoint.code(linear), linear));
        return true;
    }

    /**
     * A data access of the program: raises {@link CpuFault#ALONE} at first where a point is hit.
     */
    void accessing(long linear, int size, boolean read, boolean write) {
        DebugPoint point = points.hitBy(linear, size, read, write);
        if (point == null) {
            return;
        }
        cpu.breakpoints.requireAlone();
        if (hit == null) {
            boolean before = Long.compareUnsigned(point.address() - linear, size) < 0;
            note(new Hit(point, before ? point.address() : linear));
        }
    }

    private void note(Hit what) {
        hit = what;
        cpu.events.raise(Events.DEBUGGER);
    }
}
