package dev.carafe.tools.cli;

import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.RunListener;
import dev.carafe.core.machine.Stop;
import dev.carafe.tools.board.Outcome;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.monitor.HostListener;
import dev.carafe.tools.monitor.MachineHost;
import dev.carafe.tools.monitor.RunStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A run as its monitors see it: the present machine, and what becomes of it. The main thread brings
 * machines and takes them away; monitors come from threads of their own.
 *
 * <p>Lock order: this → {@link RunControl}. Listeners are called without this lock.
 */
final class RunHost implements MachineHost, RunListener {
    private final Runnable quit;
    private final UnaryOperator<String> debugger;
    private final Supplier<List<String>> lines;
    private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
    private PcBoard board; // guarded by this, as all below; null: none
    private boolean over; // the machine has ended, and stays to be looked at
    private boolean replacing; // another machine is being made
    private boolean wantsReset;
    private boolean wantsQuit;
    private volatile boolean resetByHost;
    private volatile boolean quitByHost;

    /**
     * @param quit ends the run
     * @param debugger moves the debugger's port, and says what became of it
     * @param lines to the host, for people; asked for when somebody wants them
     */
    RunHost(Runnable quit, UnaryOperator<String> debugger, Supplier<List<String>> lines) {
        this.quit = quit;
        this.debugger = debugger;
        this.lines = lines;
    }

    // ---- the main thread

    /** This is the machine from now on; it does not run yet. */
    synchronized void begin(PcBoard made) {
        board = made;
        replacing = false;
        notifyAll();
        over = false;
        wantsReset = false;
        control().listen(this);
    }

    /** The machine is about to go, whoever looks at it. */
    synchronized void takeAway() {
        board = null;
        replacing = true;
    }

    /** Whether the machine stands still for somebody, and the next one should, too. */
    synchronized boolean stopped() {
        return board != null && control().stopped().isPresent();
    }

    /** Whether a monitor's command ended the run. */
    boolean quitByMonitor() {
        return quitByHost;
    }

    /** The machine has ended. */
    void ended(Outcome how, boolean restarts) {
        boolean host = resetByHost || quitByHost;
        synchronized (this) {
            over = !restarts;
        }
        for (HostListener listener : listeners) {
            if (restarts) {
                listener.reset(!host, host ? "host-qmp-system-reset" : "guest-reset");
            } else {
                if (how instanceof Outcome.TripleFault fault && !fault.deliberate()) {
                    listener.panicked();
                }
                listener.shutDown(!host, reason(how));
            }
        }
        resetByHost = false;
    }

    private String reason(Outcome how) {
        return switch (how) {
            case Outcome.Reset _ -> resetByHost ? "host-qmp-system-reset" : "guest-reset";
            case Outcome.TripleFault fault -> fault.deliberate() ? "guest-reset" : "guest-panic";
            case Outcome.Quit _ -> quitByHost ? "host-qmp-quit" : "host-ui";
            case Outcome.InternalError _ -> "host-error";
            default -> "guest-shutdown";
        };
    }

    /** Waits until a monitor wants a machine that is off on again, or the run at its end. */
    synchronized boolean awaitReset() {
        boolean interrupted = false;
        while (!wantsReset && !wantsQuit) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return wantsReset && !wantsQuit;
    }

    /** Whoever waits for a wish need not wait any longer: the run ends. */
    synchronized void wake() {
        wantsQuit = true;
        notifyAll();
    }

    // ---- monitors

    private RunControl control() {
        return board.parts().machine().control();
    }

    @Override
    public synchronized <T> T with(Function<PcBoard, T> work) {
        awaitMachine();
        if (board == null) {
            throw new NoMachine();
        }
        return work.apply(board);
    }

    /** A reset takes one machine away and brings another. */
    private void awaitMachine() {
        boolean interrupted = false;
        while (board == null && replacing && !wantsQuit && !interrupted) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized RunStatus status() {
        awaitMachine();
        if (board == null) {
            return RunStatus.PRELAUNCH;
        }
        if (over) {
            return RunStatus.SHUTDOWN;
        }
        Stop stop = control().stopped().orElse(null);
        if (stop == null) {
            return RunStatus.RUNNING;
        }
        if (board.executed() == 0) {
            return RunStatus.PRELAUNCH;
        }
        return stop.cause() instanceof Stop.Requested ? RunStatus.PAUSED : RunStatus.DEBUG;
    }

    @Override
    public void quit() {
        quitByHost = true;
        quit.run();
    }

    @Override
    public synchronized void reset() {
        resetByHost = true;
        if (over) {
            wantsReset = true;
            notifyAll();
        } else if (board != null) {
            board.reset();
        }
    }

    @Override
    public String changeDebugger(String device) {
        return debugger.apply(device);
    }

    @Override
    public List<String> lines() {
        return lines.get();
    }

    @Override
    public void pressPowerButton() {
        with(
                present -> {
                    present.parts().power().pressPowerButton();
                    return null;
                });
        listeners.forEach(HostListener::powerDown);
    }

    @Override
    public void listen(HostListener listener) {
        listeners.add(listener);
    }

    @Override
    public void unlisten(HostListener listener) {
        listeners.remove(listener);
    }

    // ---- the machine

    @Override
    public void stopped(Stop why) {
        listeners.forEach(HostListener::stopped);
    }

    @Override
    public void resumed() {
        listeners.forEach(HostListener::resumed);
    }
}
