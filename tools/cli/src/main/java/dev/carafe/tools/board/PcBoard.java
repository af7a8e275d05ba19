package dev.carafe.tools.board;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.machine.InstructionSet;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.Vcpu;
import dev.carafe.devices.power.MachineControl;
import dev.carafe.firmware.BootException;
import dev.carafe.firmware.BootImage;
import dev.carafe.firmware.BootLoader;
import dev.carafe.firmware.BootOptions;
import dev.carafe.firmware.CpuDescription;
import dev.carafe.firmware.FirmwareRom;
import dev.carafe.firmware.FramebufferDescription;
import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.ProcessorStart;
import dev.carafe.firmware.ResetCode;
import dev.carafe.tools.report.CrashReport;
import dev.carafe.tools.report.HangWatch;
import dev.carafe.tools.report.InterruptLint;
import dev.carafe.tools.report.LimitWatch;
import dev.carafe.tools.report.Report;
import dev.carafe.tools.report.Scene;
import dev.carafe.tools.report.StatusReport;
import dev.carafe.tools.report.Wakeups;
import dev.carafe.tools.report.Watcher;
import dev.carafe.tools.symbols.Symbolizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A PC with its kernel loaded, ready to run once: the core's machine, the devices wired to it, and
 * the state that firmware leaves.
 *
 * <p>Not modelled: the A20 gate's effect on addresses.
 */
public final class PcBoard implements AutoCloseable {
    /** In a parked processor's structure its stack's end stands in the word before goto_address. */
    private static final int STACK_BEFORE_GOTO = 8;

    private final BootFiles files;
    private final BootImage image; // null when the user's firmware boots
    private final Machine machine;
    private final Cpu[] cpus; // filled by the constructor; what devices read of them is one word
    private final PcDevices devices;
    private final Symbolizer symbols;
    private final Scene scene;
    private final HostWires wires;
    private final List<Watcher> watchers = new ArrayList<>(); // before run
    private volatile Outcome ending; // why a watcher has ended the run; null: it did not
    private final List<Report> reports = new CopyOnWriteArrayList<>();

    /**
     * Builds the machine and loads the kernel.
     *
     * @throws BootException when the kernel cannot be booted on this machine, in one sentence for
     *     the user
     */
    public PcBoard(
            MachinePlan plan,
            Configuration configuration,
            BootFiles files,
            HostWires wires,
            Future<InstructionSet> instructions)
            throws BootException {
        MachineDescription description = plan.description();
        this.files = files;
        this.wires = wires;
        image = files.firmware().isPresent() ? null : load(description, configuration, files);
        symbols = new Symbolizer(files.kernel(), image == null ? 0 : image.kernelSlide());
        int count = description.cpus().size();
        machine = machine(description, count, instructions, wires.entropy());
        cpus = new Cpu[count];
        devices = new PcDevices(description, sockets(count), new Control());
        devices.add(configuration, wires);
        if (image != null) {
            machine.memory().mapRom(GuestLayout.RESET_ROM, ResetCode.page(description));
            FirmwareState.writeMemory(image, machine.memory());
            FirmwareState.setUpLegacyDevices(image.pic(), machine.ports());
        }
        addVcpus(plan); // last: the instructions may still be on their way
        if (image == null) {
            powerUp(files.firmware().orElseThrow());
        } else {
            setUpProcessors();
        }
        scene = new Scene(machine, symbols);
    }

    private void addVcpus(MachinePlan plan) {
        for (CpuDescription cpu : plan.description().cpus()) {
            cpus[cpu.index()] = machine.addVcpu(plan.model(), devices.localApic(cpu.index())).cpu();
        }
    }

    private static BootImage load(
            MachineDescription machine, Configuration configuration, BootFiles files)
            throws BootException {
        BootOptions options = BootOptions.standard().withModuleSource(files.internalModules());
        String commandLine =
                files.commandLine().orElseGet(() -> configuration.boot().commandLine());
        return BootLoader.load(
                files.kernel(), files.kernelName(), commandLine, files.modules(), machine, options);
    }

    private static Machine machine(
            MachineDescription description,
            int count,
            Future<InstructionSet> instructions,
            Entropy entropy)
            throws BootException {
        try {
            return new Machine(
                    description.ramBytes(),
                    description.lowRamBytes(),
                    count,
                    () -> InstructionLoading.await(instructions),
                    entropy);
        } catch (OutOfMemoryError e) {
            throw new BootException(
                    "the host cannot reserve " + (description.ramBytes() >> 20) + " MiB of memory");
        }
    }

    private Sockets sockets(int count) {
        List<CpuSignals> signals = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            signals.add(machine.signals(i));
        }
        return new Sockets(
                machine.ports(),
                machine.memory(),
                machine.memory(),
                machine.timers(),
                signals,
                cpu -> cpus[cpu] == null ? 0 : cpus[cpu].system.tscOffset,
                open -> {});
    }

    /** The state after RESET#: nobody has touched a device yet. */
    private void powerUp(FirmwareRom rom) {
        machine.memory().mapRom(rom.address(), rom.bytes());
        machine.memory().mapRom(rom.lowAddress(), rom.lowBytes());
        for (Cpu cpu : cpus) {
            ResetState.powerUp(cpu, cpu.index == 0 ? Activity.RUNNING : Activity.WAIT_FOR_SIPI);
        }
    }

    private void setUpProcessors() {
        CpuState.start(cpus[0], image.bsp());
        FirmwareState.setUpLocalApic(image.bsp(), devices.localApic(0));
        List<Vcpu> vcpus = machine.vcpus();
        for (ProcessorStart start : image.applicationProcessors()) {
            Cpu cpu = cpus[start.cpu()];
            if (start instanceof ProcessorStart.ParkedCpu parked) {
                CpuState.start(cpu, parked.atRelease());
                FirmwareState.setUpLocalApic(parked.atRelease(), devices.localApic(start.cpu()));
                long stackWord = parked.gotoAddress() - STACK_BEFORE_GOTO;
                machine.park(vcpus.get(start.cpu()), parked.gotoAddress(), stackWord);
            } else {
                CpuState.waitForStartup(cpu);
            }
        }
    }

    /** Runs the machine until it ends. */
    public Outcome run() {
        machine.start();
        watchers.forEach(Watcher::start);
        dev.carafe.core.machine.Outcome how = machine.await();
        watchers.forEach(Watcher::close);
        return outcome(how);
    }

    private Outcome outcome(dev.carafe.core.machine.Outcome how) {
        return switch (how) {
            case dev.carafe.core.machine.Outcome.PoweredOff() -> new Outcome.PowerOff();
            case dev.carafe.core.machine.Outcome.Reset() -> new Outcome.Reset();
            case dev.carafe.core.machine.Outcome.DebugExit(int code) -> new Outcome.Exit(code);
            case dev.carafe.core.machine.Outcome.Stopped() ->
                    ending == null ? new Outcome.Quit() : ending;
            case dev.carafe.core.machine.Outcome.TripleFaulted fault -> tripleFault(fault);
            case dev.carafe.core.machine.Outcome.InternalError error ->
                    new Outcome.InternalError(
                            said(
                                    new CrashReport(scene)
                                            .internalError(error.vcpu(), error.cause())));
        };
    }

    private Outcome tripleFault(dev.carafe.core.machine.Outcome.TripleFaulted fault) {
        Cpu cpu = cpus[fault.vcpu()];
        boolean deliberate = CrashReport.isDeliberate(cpu);
        return new Outcome.TripleFault(
                deliberate,
                deliberate ? "" : said(new CrashReport(scene).tripleFault(cpu, fault.fault())));
    }

    /**
     * Watches the run that is to come: for a machine that can never change again, for limits, and
     * for misuse of the interrupt controllers.
     *
     * @param notes hears what is said while the machine runs
     */
    public void watch(Watching what, Consumer<Report> notes) {
        InterruptLint lint =
                new InterruptLint(
                        scene,
                        devices.apicBus(),
                        what.lint(),
                        report -> {
                            reports.add(report);
                            notes.accept(report);
                        });
        lint.install();
        Wakeups wakeups =
                devices.interruptPaths(
                        machine::armedDeadlines,
                        () -> wires.serials().stream().anyMatch(PcBoard::mayBring));
        if (what.verdicts()) {
            watchers.add(
                    new HangWatch(
                            machine,
                            scene,
                            wakeups,
                            report -> end(new Outcome.DeadMachine(said(report)))));
        }
        if (what.limited()) {
            watchers.add(
                    new LimitWatch(
                            machine,
                            scene,
                            what.seconds(),
                            what.instructions(),
                            report -> end(new Outcome.Limit(said(report)))));
        }
    }

    /** No verdict and no limit ends the run any more; from any thread. */
    public void unwatch() {
        watchers.forEach(Watcher::close);
    }

    private static boolean mayBring(Optional<SerialWire> wire) {
        return wire.isPresent() && wire.get().input().mayBring();
    }

    private void end(Outcome how) {
        ending = how;
        machine.finish(new dev.carafe.core.machine.Outcome.Stopped());
    }

    /** Where all processors are, for somebody who ends the run. */
    public Report status(String why) {
        Report report =
                machine.control().still(() -> new StatusReport(scene).of("interrupted", why));
        reports.add(report);
        return report;
    }

    /** Which processors execute just now, or wait for the host inside an instruction. */
    public List<Integer> executing() {
        return machine.executing();
    }

    private String said(Report report) {
        reports.add(report);
        return report.text();
    }

    /** What was said about this machine so far. */
    public List<Report> reports() {
        return List.copyOf(reports);
    }

    /** The names of the kernel that was loaded. */
    public Symbolizer symbols() {
        return symbols;
    }

    /** What it is made of. */
    public PcParts parts() {
        return devices.parts(machine);
    }

    /** Whether there is a picture to write. */
    public boolean hasPicture() {
        return devices.framebuffer().isPresent();
    }

    /**
     * Writes what the framebuffer shows, as PPM. Works while the machine runs and after its end.
     */
    public void writePortablePixmap(OutputStream stream) throws IOException {
        LinearFramebuffer picture = devices.framebuffer().orElseThrow();
        FramebufferDescription description = picture.description();
        PixmapWriter.write(stream, description.width(), description.height(), picture::pixel);
    }

    /** Turns the machine off and on again; {@link #run} comes back with {@link Outcome.Reset}. */
    public void reset() {
        machine.finish(new dev.carafe.core.machine.Outcome.Reset());
    }

    /** Stops the machine and lets it go on, for debuggers and monitors. */
    public RunControl control() {
        return machine.control();
    }

    /** What a debugger has to know of the kernel that was loaded. */
    public LoadedKernel loadedKernel() {
        return image == null
                ? LoadedKernel.NONE
                : LoadedKernel.of(files.kernel(), files.kernelName(), image.kernelSlide());
    }

    /** Ends the run from any thread; {@link #run} comes back with {@link Outcome.Quit}. */
    public void quit() {
        machine.finish(new dev.carafe.core.machine.Outcome.Stopped());
    }

    /** Instructions that all processors have executed together; exact when the run has ended. */
    public long executed() {
        return machine.executed();
    }

    /**
     * Writes what the framebuffer shows, as PNG. Works while the machine runs and after its end.
     */
    public void writePicture(OutputStream stream) throws IOException {
        LinearFramebuffer picture = devices.framebuffer().orElseThrow();
        FramebufferDescription description = picture.description();
        PngWriter.write(stream, description.width(), description.height(), picture::pixel);
    }

    /** Ends the run, if it has not ended, and gives the machine's memory back. */
    @Override
    public void close() {
        machine.close();
    }

    /** What devices may ask of the machine. */
    private final class Control implements MachineControl {
        @Override
        public void powerOff() {
            machine.finish(new dev.carafe.core.machine.Outcome.PoweredOff());
        }

        @Override
        public void reset() {
            machine.finish(new dev.carafe.core.machine.Outcome.Reset());
        }

        @Override
        public void exit(int code) {
            machine.finish(new dev.carafe.core.machine.Outcome.DebugExit(code));
        }
    }
}
