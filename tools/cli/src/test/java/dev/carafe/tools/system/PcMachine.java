package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.fail;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.ModuleFile;
import dev.carafe.firmware.ModuleSource;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.CpuSelection;
import dev.carafe.tools.board.DebugConsole;
import dev.carafe.tools.board.DebugExitPort;
import dev.carafe.tools.board.Ending;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.board.InstructionLoading;
import dev.carafe.tools.board.LogSelection;
import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.board.Outcome;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.SerialWire;
import dev.carafe.tools.board.Topology;
import dev.carafe.tools.board.Watching;
import dev.carafe.tools.headless.ExitCodes;
import dev.carafe.tools.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A whole machine inside the test's JVM: a kernel in, what COM1 said and how it ended out. */
final class PcMachine {
    /**
     * Far more than any run here takes, even on a busy host: a machine that hangs fails its test.
     */
    private static final long LIMIT_SECONDS = 300;

    private static final String GUESTS = "dev/carafe/guest/";
    private static final String KERNEL_NAME = "/boot/kernel.elf";

    private final byte[] kernel;
    private String commandLine = "";
    private Topology topology = new Topology(1, 1, 1, 1, 1);
    private long mebibytes = 128;
    private MachineModel model = MachineModel.PC;
    private String cpu = "max";
    private long bootTime = 1_800_000_000L;

    private final List<ModuleFile> modules = new ArrayList<>();
    private long limitSeconds = LIMIT_SECONDS;
    private boolean watched;
    private Consumer<PcBoard> observer = board -> {};

    private PcMachine(byte[] kernel) {
        this.kernel = kernel;
    }

    /** How a run ended. */
    record Run(Outcome outcome, String serial, List<Report> reports) {
        List<String> lines() {
            return serial.lines().toList();
        }

        int exitCode() {
            return ExitCodes.of(outcome, false);
        }
    }

    static PcMachine booting(byte[] kernel) {
        return new PcMachine(kernel);
    }

    /** Boots one of the guests that this project builds, such as {@code tests/irq.elf}. */
    static PcMachine bootingGuest(String name) {
        return booting(guest(name));
    }

    static byte[] guest(String name) {
        ClassLoader loader = PcMachine.class.getClassLoader();
        try (InputStream stream = loader.getResourceAsStream(GUESTS + name)) {
            return stream == null ? fail("no guest " + name) : stream.readAllBytes();
        } catch (IOException e) {
            return fail(e);
        }
    }

    PcMachine commandLine(String text) {
        commandLine = text;
        return this;
    }

    /** So many processors, all cores of one package. */
    PcMachine cpus(int count) {
        return topology(1, count, 1);
    }

    PcMachine topology(int sockets, int cores, int threads) {
        int count = sockets * cores * threads;
        topology = new Topology(count, sockets, cores, threads, count);
        return this;
    }

    PcMachine memory(long size) {
        mebibytes = size;
        return this;
    }

    PcMachine model(MachineModel machine) {
        model = machine;
        return this;
    }

    PcMachine cpu(String name) {
        cpu = name;
        return this;
    }

    PcMachine module(String name, byte[] content) {
        modules.add(new ModuleFile(name, "", content));
        return this;
    }

    /** For a guest that takes long: when it counts as hanging. */
    PcMachine limit(long seconds) {
        limitSeconds = seconds;
        return this;
    }

    PcMachine bootTime(long seconds) {
        bootTime = seconds;
        return this;
    }

    /** Watched as a run from the command line is: for hangs, and by the lint. */
    PcMachine watched() {
        watched = true;
        return this;
    }

    /** Somebody gets the machine before it runs. */
    PcMachine observedBy(Consumer<PcBoard> somebody) {
        observer = somebody;
        return this;
    }

    /** Runs to the end; a run that does not end fails the test. */
    Run run() {
        Wire serial = new Wire();
        try (PcBoard board = board(serial)) {
            observer.accept(board);
            CountDownLatch ended = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> quitUnless(ended, board));
            if (watched) {
                board.watch(new Watching(true, true, 0, 0), note -> {});
            }
            Outcome outcome = board.run();
            ended.countDown();
            if (outcome instanceof Outcome.Quit) {
                fail("the machine did not end; COM1 said:\n" + serial.text());
            }
            return new Run(outcome, serial.text(), board.reports());
        } catch (BootException e) {
            return fail(e);
        }
    }

    /** Why the machine cannot be built with this kernel; empty where it can. */
    String refusal() {
        try (PcBoard board = board(new Wire())) {
            return board.executed() == 0 ? "" : fail("it ran");
        } catch (BootException e) {
            return e.getMessage();
        }
    }

    private PcBoard board(Wire serial) throws BootException {
        Configuration configuration = configuration();
        HostWires wires =
                new HostWires(
                        List.of(Optional.of(new SerialWire(serial::write))), List.of(value -> {}));
        BootFiles files =
                new BootFiles(Optional.empty(), kernel, KERNEL_NAME, modules, ModuleSource.NONE);
        MachinePlan plan = MachinePlan.of(configuration, bootTime);
        return new PcBoard(plan, configuration, files, wires, InstructionLoading.start());
    }

    private void quitUnless(CountDownLatch ended, PcBoard board) {
        try {
            if (!ended.await(limitSeconds, TimeUnit.SECONDS)) {
                board.quit();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Configuration configuration() {
        return new Configuration(
                new BootSource(Optional.empty(), Optional.empty(), commandLine, List.of()),
                mebibytes << 20,
                topology,
                new CpuSelection(cpu, Map.of()),
                model,
                List.of(new HostPort.Disconnected()),
                List.of(new DebugConsole(DebugConsole.DEFAULT_PORT, new HostPort.Disconnected())),
                List.of(new DebugExitPort(0xF4, 4), new DebugExitPort(0x501, 2)),
                false,
                new Ending(true, false, false),
                new LogSelection(Set.of(), Optional.empty()),
                Optional.empty());
    }

    /** What COM1 sends, from whichever vCPU. */
    private static final class Wire {
        private final ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(); // guarded by itself

        void write(int value) {
            bytes.write(value);
        }

        String text() {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
