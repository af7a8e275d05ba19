package dev.carafe.tools.monitor;

import dev.carafe.firmware.BootException;
import dev.carafe.firmware.ModuleSource;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.BootSource;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.CpuSelection;
import dev.carafe.tools.board.Ending;
import dev.carafe.tools.board.HostPort;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.board.InstructionLoading;
import dev.carafe.tools.board.LogSelection;
import dev.carafe.tools.board.MachineModel;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.SerialWire;
import dev.carafe.tools.board.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A run with two processors that has not begun to execute: everything in it is known. */
final class TestHost implements MachineHost, LogControl, AutoCloseable {
    private static final String GUEST = "dev/carafe/guest/tests/irq.elf";
    private static final long BOOT_TIME = 1_800_000_000L;

    final PcBoard board;
    final List<String> asked = new ArrayList<>(); // of the host, not of the machine
    final List<HostListener> listeners = new CopyOnWriteArrayList<>();

    TestHost() throws BootException, IOException {
        Configuration configuration =
                new Configuration(
                        new BootSource(Optional.empty(), Optional.empty(), "", List.of()),
                        64 << 20,
                        new Topology(2, 1, 2, 1, 2),
                        new CpuSelection("max", Map.of()),
                        MachineModel.PC,
                        List.of(new HostPort.Disconnected()),
                        List.of(),
                        List.of(),
                        false,
                        new Ending(true, false, false),
                        new LogSelection(Set.of(), Optional.empty()),
                        Optional.empty());
        HostWires wires =
                new HostWires(List.of(Optional.of(new SerialWire(value -> {}))), List.of());
        byte[] kernel;
        try (InputStream stream = TestHost.class.getClassLoader().getResourceAsStream(GUEST)) {
            kernel = stream.readAllBytes();
        }
        BootFiles files =
                new BootFiles(Optional.empty(), kernel, "kernel", List.of(), ModuleSource.NONE);
        MachinePlan plan = MachinePlan.of(configuration, BOOT_TIME);
        board = new PcBoard(plan, configuration, files, wires, InstructionLoading.start());
    }

    @Override
    public <T> T with(Function<PcBoard, T> work) {
        return work.apply(board);
    }

    @Override
    public RunStatus status() {
        return board.parts().machine().control().stopped().isPresent()
                ? RunStatus.PAUSED
                : RunStatus.RUNNING;
    }

    @Override
    public void quit() {
        asked.add("quit");
    }

    @Override
    public void reset() {
        asked.add("reset");
    }

    @Override
    public String changeDebugger(String device) {
        asked.add("debugger at " + device);
        return "Waiting for gdb connection on device '" + device + "'";
    }

    @Override
    public List<String> lines() {
        return List.of("serial0: filename=null");
    }

    @Override
    public void pressPowerButton() {
        asked.add("power button");
    }

    @Override
    public void listen(HostListener listener) {
        listeners.add(listener);
    }

    @Override
    public void unlisten(HostListener listener) {
        listeners.remove(listener);
    }

    @Override
    public String select(String items) {
        asked.add("log " + items);
        return items.equals("foo") ? "there is no foo" : "";
    }

    @Override
    public String items() {
        return "the items\n";
    }

    @Override
    public String file(String name) {
        asked.add("logfile " + name);
        return "";
    }

    @Override
    public void close() {
        board.close();
    }
}
