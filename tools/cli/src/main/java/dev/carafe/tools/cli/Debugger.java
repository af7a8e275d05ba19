package dev.carafe.tools.cli;

import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebuggerPort;
import dev.carafe.tools.board.Debugging;
import dev.carafe.tools.board.LoadedKernel;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.gdb.GdbServer;
import dev.carafe.tools.gdb.GdbTarget;
import dev.carafe.tools.gdb.MonitorCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The GDB server of a run that has one. Its classes are loaded for such runs only.
 *
 * <p>The main thread moves it from machine to machine, a monitor's thread may move it to another
 * port. Lock order: {@link #lock} → {@link GdbServer}'s.
 */
final class Debugger {
    private static final long PATIENCE_SECONDS = 1;

    private final Configuration configuration;
    private final Supplier<MonitorCommands> monitor;
    private final Runnable quit;
    private final ReentrantLock lock = new ReentrantLock();
    private GdbServer server; // guarded by lock; null for none, and before the first machine
    private PcBoard board; // guarded by lock; null before the first machine

    /**
     * @param monitor makes what GDB's {@code monitor} reaches
     * @param quit ends the run when a client wants it
     */
    Debugger(Configuration configuration, Supplier<MonitorCommands> monitor, Runnable quit) {
        this.configuration = configuration;
        this.monitor = monitor;
        this.quit = quit;
    }

    private GdbServer listen(DebuggerPort port) {
        try {
            return GdbServer.open(port, monitor.get(), quit);
        } catch (IOException e) {
            throw UsageError.of("-gdb", name(port), GdbServer.reason(e));
        }
    }

    private static String name(DebuggerPort port) {
        return switch (port) {
            case DebuggerPort.Tcp(String host, int number) -> "tcp:" + host + ":" + number;
            case DebuggerPort.Unix(Path path) -> "unix:" + path;
            case DebuggerPort.Stdio() -> "stdio";
        };
    }

    /**
     * The first machine is about to start. The port is taken only now: a client that gets no answer
     * within two seconds asks again, and is confused by two answers.
     *
     * @throws UsageError when the port cannot be had
     */
    void begin(PcBoard first) {
        Debugging debugging = configuration.debugging();
        if (debugging.startsStopped()) {
            first.control().stop();
        }
        lock.lock();
        try {
            board = first;
            if (debugging.gdb().isPresent()) {
                server = listen(debugging.gdb().get());
                server.start(target(board));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A monitor wants the server at another device, or none.
     *
     * @return what became of it, in QEMU's words
     */
    String change(String device) {
        try {
            if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return "The machine is being reset";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "Interrupted";
        }
        try {
            DebuggerPort port = GdbOption.parse("gdbserver", device);
            if (port instanceof DebuggerPort.Stdio) {
                return "Could not open gdbserver on device 'stdio': it is for -gdb alone";
            }
            if (server != null) {
                server.close();
                server = null;
            }
            if (port == null || board == null) {
                return "Disabled gdbserver";
            }
            server = listen(port);
            server.start(target(board));
            return "Waiting for gdb connection on device '" + device + "'";
        } catch (UsageError e) {
            return e.getMessage();
        } finally {
            lock.unlock();
        }
    }

    /** The guest was reset: a debugger goes on with the machine that is made now. */
    PcBoard replace(Supplier<PcBoard> make) {
        lock.lock();
        try {
            if (server == null) {
                board = make.get();
            } else {
                server.replace(
                        () -> {
                            board = make.get();
                            return target(board);
                        });
            }
            return board;
        } finally {
            lock.unlock();
        }
    }

    /** The run is over. */
    void end(int exitCode) {
        lock.lock();
        try {
            if (server != null) {
                server.exited(exitCode);
            }
        } finally {
            lock.unlock();
        }
    }

    private static GdbTarget target(PcBoard board) {
        LoadedKernel kernel = board.loadedKernel();
        return new GdbTarget(board.control(), kernel.firstSegment(), kernel.narrow());
    }
}
