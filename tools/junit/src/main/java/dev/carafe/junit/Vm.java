package dev.carafe.junit;

import dev.carafe.core.cpu.DebugPoint;
import dev.carafe.core.machine.InstructionSet;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.firmware.BootException;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.board.InstructionLoading;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.SerialWire;
import dev.carafe.tools.board.Watching;
import dev.carafe.tools.cli.MachineOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A machine with a kernel loaded. It starts when the test first waits for it, so that breakpoints
 * can be set before. A reset of the guest ends it.
 */
public final class Vm {
    private static final int PORTS = 2;

    private final PcBoard board;
    private final List<Serial> serials = new ArrayList<>();
    private final List<VmCpu> cpus = new ArrayList<>();
    private final VmMemory memory = new VmMemory(this);
    private final Breakpoints breakpoints;
    private final long limitSeconds;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger(); // test threads that wait in here
    private boolean started; // guarded by this
    private volatile boolean endingSeen; // the test knows how it ended

    /** The instruction set is loaded once for all machines. */
    private static final class Instructions {
        static final Future<InstructionSet> LOADING = InstructionLoading.start();
    }

    private Vm(Configuration configuration, CarafeMachine order) throws BootException {
        limitSeconds = order.limitSeconds();
        List<Optional<SerialWire>> wires = new ArrayList<>();
        for (int i = 0; i < PORTS; i++) {
            Serial serial = new Serial(this, i);
            serials.add(serial);
            wires.add(Optional.of(new SerialWire(serial.output(), serial.input())));
        }
        long now = InstantSource.system().instant().getEpochSecond();
        board =
                new PcBoard(
                        MachinePlan.of(configuration, now),
                        configuration,
                        BootFiles.read(configuration.boot()),
                        new HostWires(wires, List.of()),
                        Instructions.LOADING);
        board.watch(
                new Watching(order.verdicts(), order.verdicts(), 0, order.limitInstructions()),
                report -> {});
        for (Vcpu vcpu : board.control().vcpus()) {
            cpus.add(new VmCpu(board, vcpu));
        }
        breakpoints = new Breakpoints(board.control(), cpus);
    }

    static Vm of(CarafeMachine order) {
        List<String> options = new ArrayList<>();
        if (!order.kernel().isEmpty()) {
            options.add(order.kernel());
        }
        options.addAll(List.of("-smp", Integer.toString(order.cpus()), "-m", order.memory()));
        if (!order.commandLine().isEmpty()) {
            options.addAll(List.of("-append", order.commandLine()));
        }
        options.addAll(List.of(order.options()));
        try {
            return new Vm(MachineOptions.parse(options), order);
        } catch (BootException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    // ---- running

    /** Lets the machine run, the first time. Whatever waits for the guest does this by itself. */
    public synchronized void start() {
        rethrow();
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("machine").start(this::run);
        }
    }

    private void run() {
        try {
            ending.complete(Endings.of(board.run()));
        } catch (Throwable defect) {
            ending.completeExceptionally(defect);
        }
        serials.forEach(Serial::machineEnded);
        breakpoints.machineEnded();
    }

    /** Stops all processors at instruction boundaries, and time. */
    public void pause() {
        breakpoints.pause();
    }

    /** Lets them go on. */
    public void resume() {
        breakpoints.resume();
    }

    /**
     * Waits for the end of the run. Starts the machine.
     *
     * @throws AssertionError when the limit is reached
     */
    public Ending awaitEnd() {
        start();
        beginWait();
        try {
            Ending how = ending.get(limitSeconds, TimeUnit.SECONDS);
            endingSeen = true;
            rethrow();
            return how;
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "the machine did not end within " + limitSeconds + " s" + where());
        } catch (ExecutionException e) {
            throw new AssertionError("Carafe failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the machine's end");
        } finally {
            endWait();
        }
    }

    /** While a test waits it types nothing: a machine that needs that can never go on. */
    void beginWait() {
        waiting.incrementAndGet();
    }

    void endWait() {
        waiting.decrementAndGet();
    }

    boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    /** {@link #awaitEnd}, and fails unless the exit code is this one. */
    public void awaitExit(int code) {
        Ending how = awaitEnd();
        if (how.exitCode() != code) {
            throw new AssertionError(
                    "exit code "
                            + how.exitCode()
                            + ", not "
                            + code
                            + " ("
                            + how.kind()
                            + ")\n"
                            + how.report()
                            + serial().text());
        }
    }

    /** Instructions that all processors have executed together. */
    public long executed() {
        return board.executed();
    }

    // ---- looking at it

    /** COM1. */
    public Serial serial() {
        return serials.getFirst();
    }

    /** COM1 is number 0, COM2 is number 1. */
    public Serial serial(int number) {
        return serials.get(number);
    }

    public VmCpu cpu(int index) {
        return cpus.get(index);
    }

    public List<VmCpu> cpus() {
        return List.copyOf(cpus);
    }

    public VmMemory memory() {
        return memory;
    }

    /** Address of a symbol in the running kernel. */
    public long symbol(String name) {
        return board.symbols()
                .address(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("the kernel has no symbol " + name));
    }

    /** What Carafe has said about the machine so far. */
    public List<VmReport> reports() {
        return board.reports().stream()
                .map(r -> new VmReport(r.kind(), r.code(), r.cpu(), r.headline(), r.text()))
                .toList();
    }

    // ---- breakpoints

    /**
     * Does something whenever a processor is about to execute a function; the machine stands still
     * meanwhile, and goes on afterwards. What the action throws fails the test.
     */
    public Breakpoint onCall(String function, Consumer<VmCpu> action) {
        return on(DebugPoint.code(symbol(function)), function, action);
    }

    /** {@link #onCall} for an address. */
    public Breakpoint onExecute(long address, Consumer<VmCpu> action) {
        return on(DebugPoint.code(address), "0x" + Long.toHexString(address), action);
    }

    /** Does something whenever a processor has written to a variable. */
    public Breakpoint onWrite(String variable, int length, Consumer<VmCpu> action) {
        DebugPoint point = new DebugPoint(DebugPoint.Kind.WRITE, symbol(variable), length);
        return on(point, variable, action);
    }

    private Breakpoint on(DebugPoint point, String name, Consumer<VmCpu> action) {
        Breakpoint breakpoint = new Breakpoint(this, point, name, action);
        breakpoints.add(breakpoint);
        return breakpoint;
    }

    void remove(Breakpoint breakpoint) {
        breakpoints.remove(breakpoint);
    }

    // ---- for the rest of the package

    long limitSeconds() {
        return limitSeconds;
    }

    void rethrow() {
        breakpoints.rethrow();
    }

    /** Where every processor is, for messages about a guest that does not go on. */
    String where() {
        StringBuilder text = new StringBuilder();
        for (VmCpu cpu : cpus) {
            text.append("\n  ").append(cpu);
        }
        return text.toString();
    }

    /** How it ended, for a message of somebody who waited for something else. */
    Ending end() {
        Ending how = ending.getNow(new Ending(Ending.Kind.CLOSED, 0, ""));
        endingSeen = true;
        return how;
    }

    /** Ends the machine; what the test has to hear of, or null. */
    AssertionError finish() {
        synchronized (this) {
            if (!started) {
                board.close();
                return null;
            }
        }
        breakpoints.close();
        Ending before = ending.getNow(null);
        board.quit();
        ending.exceptionally(defect -> null).join();
        board.close();
        try {
            rethrow();
        } catch (AssertionError thrown) {
            return thrown;
        }
        boolean unheard = before != null && before.isFailure() && !endingSeen;
        return unheard
                ? new AssertionError("the machine died: " + before.kind() + "\n" + before.report())
                : null;
    }
}
