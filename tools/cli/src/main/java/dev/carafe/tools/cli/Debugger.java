package dev.carafe.tools.cli;

import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.DebuggerPort;
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
    private final GdbServer server;
    private final boolean startsStopped;

    /**
     * @param server null for none
     */
    Debugger(GdbServer server, boolean startsStopped) {
        this.server = server;
        this.startsStopped = startsStopped;
    }

    /**
     * Takes the port, before there is a machine.
     *
     * @throws UsageError when it cannot be had
     */
    static Debugger open(Configuration configuration, MonitorCommands monitor, Runnable quit) {
        boolean stopped = configuration.debugging().startsStopped();
        DebuggerPort port = configuration.debugging().gdb().orElseThrow();
        try {
            return new Debugger(GdbServer.open(port, monitor, quit), stopped);
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

    /** The first machine is about to start. */
    void begin(PcBoard board) {
        if (startsStopped) {
            board.control().stop();
        }
        if (server != null) {
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
