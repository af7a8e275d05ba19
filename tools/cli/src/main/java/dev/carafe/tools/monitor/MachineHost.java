package dev.carafe.tools.monitor;

import dev.carafe.tools.board.PcBoard;
import java.util.List;
import java.util.function.Function;

/** The run that a monitor belongs to: its machine, which a reset replaces by a new one. */
public interface MachineHost {
    /**
     * Does something with the present machine, which is not replaced meanwhile.
     *
     * @throws NoMachine before the first one exists, and after the last
     */
    <T> T with(Function<PcBoard, T> work);

    /** What {@code info status} calls the state of the run. */
    RunStatus status();

    /** Ends the run and the process. */
    void quit();

    /** Turns the machine off and on again. */
    void reset();

    /**
     * Waits for a debugger at another port from now on.
     *
     * @param device as {@code -gdb} takes it, {@code none} for nowhere
     * @return what became of it, for the person who asked
     */
    String changeDebugger(String device);

    /** The lines to the host, one "name: filename=..." each. */
    List<String> lines();

    /** Presses the power button. */
    void pressPowerButton();

    /** Hears of what becomes of the run, until it closes. */
    void listen(HostListener listener);

    /** Takes back {@link #listen}. */
    void unlisten(HostListener listener);

    /** There is no machine to ask. */
    final class NoMachine extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** With the sentence for the person. */
        public NoMachine() {
            super("the machine is not built yet, or gone", null, false, false);
        }
    }
}
