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
import java.util.function.Supplier;

/** The GDB server of a run that has one. Its classes are loaded for such runs only. */
final class Debugger {
    private final Configuration configuration;
    private final MonitorCommands monitor;
    private final Runnable quit;
    private GdbServer server; // main thread only; null for none, and before the first machine

    /**
     * @param monitor what GDB's {@code monitor} reaches; both may be null where there is no server
     * @param quit ends the run when a client wants it
     */
    Debugger(Configuration configuration, MonitorCommands monitor, Runnable quit) {
        this.configuration = configuration;
        this.monitor = monitor;
        this.quit = quit;
    }

    private GdbServer listen(DebuggerPort port) {
        try {
            return GdbServer.open(port, monitor, quit);
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
    void begin(PcBoard board) {
        Debugging debugging = configuration.debugging();
        if (debugging.startsStopped()) {
            board.control().stop();
        }
        if (debugging.gdb().isPresent()) {
            server = listen(debugging.gdb().get());
            server.start(target(board));
        }
    }

    /** The guest was reset: a debugger goes on with the machine that is made now. */
    PcBoard replace(Supplier<PcBoard> make) {
        if (server == null) {
            return make.get();
        }
        PcBoard[] made = new PcBoard[1];
        server.replace(
                () -> {
                    made[0] = make.get();
                    return target(made[0]);
                });
        return made[0];
    }

    /** The run is over. */
    void end(int exitCode) {
        if (server != null) {
            server.exited(exitCode);
        }
    }

    private static GdbTarget target(PcBoard board) {
        LoadedKernel kernel = board.loadedKernel();
        return new GdbTarget(board.control(), kernel.firstSegment(), kernel.narrow());
    }
}
