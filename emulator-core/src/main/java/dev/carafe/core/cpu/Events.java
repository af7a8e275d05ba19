package dev.carafe.core.cpu;

import dev.carafe.core.interrupt.CpuSignals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The event word of one vCPU: the only thing that other threads change of it. The vCPU polls it at
 * block ends and backward branches; whoever raises a bit also wakes the vCPU's thread when it is
 * parked.
 */
public final class Events implements CpuSignals {
    /** INTR is asserted (a level: the local APIC raises and clears it). */
    public static final int INTERRUPT = 1;

    public static final int NMI = 1 << 1;
    public static final int INIT = 1 << 2;
    public static final int SIPI = 1 << 3;
    public static final int SMI = 1 << 4;

    /** The machine wants this vCPU at an instruction boundary: pause, exclusive section, end. */
    public static final int STOP = 1 << 5;

    /** The word this parked vCPU waits for was written. */
    public static final int RELEASED = 1 << 6;

    /** A debug trap waits for the instruction boundary; raised by the vCPU itself. */
    public static final int DEBUG_TRAP = 1 << 7;

    /**
     * A second NMI that came before the first was taken; only together with {@link #NMI}.
     * Processors latch one while another is on its way, and not more.
     */
    public static final int SECOND_NMI = 1 << 8;

    /** A point of a debugger was hit; raised by the vCPU itself. */
    public static final int DEBUGGER = 1 << 9;

    /** Somebody wants the vCPU's own thread to show him what it executes. */
    public static final int VISIT = 1 << 10;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Events.class, "word", int.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unused") // through WORD only
    private int word;

    private volatile int startupVector; // written before SIPI is raised
    private volatile Thread runner; // the thread that runs or parks this vCPU; null before start

    /** The raised bits; a plain-speed read that sees every bit before long. */
    public int pending() {
        return (int) WORD.getOpaque(this);
    }

    /** As {@link #pending}, ordered after the reads before a park. */
    public int pendingVolatile() {
        return (int) WORD.getVolatile(this);
    }

    public void raise(int bits) {
        int old = (int) WORD.getAndBitwiseOr(this, bits);
        if ((old & bits) != bits) {
            wake();
        }
    }

    private void wake() {
        Thread parked = runner;
        if (parked != null && parked != Thread.currentThread()) {
            LockSupport.unpark(parked);
        }
    }

    /** Clears bits; returns those that were raised. */
    public int clear(int bits) {
        return (int) WORD.getAndBitwiseAnd(this, ~bits) & bits;
    }

    public void runOn(Thread thread) {
        runner = thread;
    }

    public int startupVector() {
        return startupVector;
    }

    @Override
    public void interrupt(boolean asserted) {
        if (asserted) {
            raise(INTERRUPT);
        } else {
            clear(INTERRUPT);
        }
    }

    @Override
    public void nmi() {
        int old;
        do {
            old = (int) WORD.getVolatile(this);
        } while (!WORD.compareAndSet(this, old, old | ((old & NMI) == 0 ? NMI : SECOND_NMI)));
        wake();
    }

    /** An NMI is being delivered; another that came before it stays pending. */
    void takeNmi() {
        int old;
        int left;
        do {
            old = (int) WORD.getVolatile(this);
            left = old & ~((old & SECOND_NMI) == 0 ? NMI : SECOND_NMI);
        } while (!WORD.compareAndSet(this, old, left));
    }

    @Override
    public void smi() {
        raise(SMI);
    }

    /**
     * What was sent before it has no meaning behind it: a start-up that this vCPU has not seen yet
     * would start it where another is being started by now, and an NMI would find no IDT.
     */
    @Override
    public void init() {
        int old;
        do {
            old = (int) WORD.getVolatile(this);
        } while (!WORD.compareAndSet(this, old, old & ~(SIPI | NMI | SECOND_NMI) | INIT));
        wake();
    }

    @Override
    public void startup(int vector) {
        startupVector = vector;
        raise(SIPI);
    }
}
