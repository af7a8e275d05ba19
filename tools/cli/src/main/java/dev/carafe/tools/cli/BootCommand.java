package dev.carafe.tools.cli;

import dev.carafe.core.machine.InstructionSet;
import dev.carafe.firmware.BootException;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.InstructionLoading;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.board.Outcome;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.Watching;
import dev.carafe.tools.console.TerminalMode;
import dev.carafe.tools.headless.ExitCodes;
import dev.carafe.tools.report.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/**
 * One run, from configuration to exit code. A reset builds the machine anew.
 *
 * <p>Not modelled: memory that keeps its content over a reset.
 */
final class BootCommand {
    private static final String TERMINAL_PROPERTY =
            "carafe.terminal"; // the launcher knows; "false" saves asking

    private final Configuration configuration;
    private final RunOptions options;
    private final Expectations expectations;
    private final CountDownLatch quit = new CountDownLatch(1);
    private volatile boolean ended; // the run is over: a signal finds nothing to tell
    private volatile String quitBy = "";
    private final RunHost monitored;
    private final Observers observers;
    private volatile Debugger debugger; // set before the first machine
    private volatile PcBoard
            board; // replaced by the main thread at a reset; null before the first machine

    private BootCommand(Request.Boot request) {
        configuration = request.configuration();
        options = request.run();
        monitored =
                new RunHost(
                        () -> quit(""),
                        device -> debugger.change(device),
                        () -> LineNames.of(configuration.serials(), options.monitors()));
        observers = new Observers(options.recording(), configuration.log().items());
        expectations = new Expectations(options, this::unwatch, () -> quit("an expectation"));
    }

    /** Runs until the guest or the person ends it. */
    static int run(Request.Boot request) {
        try {
            return new BootCommand(request).run();
        } catch (BootException e) {
            throw new UsageError(e.getMessage());
        }
    }

    private int run() throws BootException {
        Future<InstructionSet> instructions = InstructionLoading.start();
        BootFiles files = BootFiles.read(configuration.boot());
        for (String note : files.notes()) {
            Messages.warning(note);
        }
        if (options.pidFile().isPresent()) {
            PidFile.write(options.pidFile().get());
        }
        try (HostSide host =
                HostSide.open(
                        configuration,
                        options.escape(),
                        () -> quit("Ctrl-A x"),
                        expectations::tap)) {
            return run(host, files, instructions);
        }
    }

    private int run(HostSide host, BootFiles files, Future<InstructionSet> instructions)
            throws BootException {
        debugger = openDebugger();
        observers.open();
        LogSetup.start(configuration.log());
        Screenshot screenshot = configuration.screenshot().isPresent() ? openScreenshot() : null;
        MachinePlan plan = MachinePlan.of(configuration, options.clock().seconds(Instant.now()));
        for (String warning : plan.warnings()) {
            Messages.warning(warning);
        }
        board = new PcBoard(plan, configuration, files, host.wires(), instructions);
        observers.attach(board);
        monitored.begin(board);
        ReportFile reports = openReports();
        watch();
        tellAtSignal();
        debugger.begin(board);
        MonitorSide monitors = openMonitors(host);
        if (host.hasInput()) {
            host.start(() -> prepareTerminal(host.keys()));
        }
        Outcome outcome = board.run();
        while (goesOn(outcome)) {
            write(reports);
            board = debugger.replace(() -> another(plan, files, host, instructions));
            watch();
            outcome = board.run();
        }
        ended = true;
        monitors.close();
        observers.close();
        report(outcome);
        write(reports);
        if (screenshot != null) {
            screenshot.write(board);
        }
        int code =
                expectations.exitCode(
                        ExitCodes.of(outcome, configuration.ending().qemuExitCodes()));
        debugger.end(code);
        return code;
    }

    private ReportFile openReports() {
        Optional<Path> path = options.reportJson();
        try {
            return path.isEmpty() ? null : ReportFile.create(path.get());
        } catch (IOException e) {
            throw UsageError.of("--report-json", path.get().toString(), HostError.reason(e));
        }
    }

    private void write(ReportFile file) {
        try {
            if (file != null) {
                file.write(board.reports());
            }
        } catch (IOException e) {
            Messages.error(
                    "--report-json " + options.reportJson().get() + ": " + HostError.reason(e));
        }
    }

    /** Who has a debugger decides himself when a machine is dead. */
    private void watch() {
        Watching wanted = options.watching();
        boolean alone = configuration.debugging().nobody() && options.monitors().isEmpty();
        board.watch(
                new Watching(
                        wanted.verdicts() && alone,
                        wanted.lint(),
                        wanted.seconds(),
                        wanted.instructions()),
                note -> System.err.print(note.text()));
    }

    /** The guest has said what decides the run: that it hangs now is nobody's concern. */
    private void unwatch() {
        PcBoard running = board;
        if (running != null) {
            running.unwatch();
        }
    }

    /** SIGTERM and Ctrl-C end the run, but not without a word about where it was. */
    private void tellAtSignal() {
        LastWords.atEnd(
                "status",
                () -> {
                    if (!ended) {
                        System.err.print(board.status("ended by a signal").text());
                    }
                },
                () -> Messages.error(unstoppable()));
    }

    private String unstoppable() {
        List<Integer> busy = board.executing();
        String who = busy.isEmpty() ? "the machine" : "CPU " + busy.getFirst();
        return "ended by a signal without a report: "
                + who
                + " did not come to an instruction's end within "
                + LastWords.limitSeconds()
                + " s, perhaps since nobody reads its output";
    }

    /** Few runs have one: nothing is loaded for the others. */
    private Debugger openDebugger() {
        return new Debugger(
                configuration,
                () -> MonitorSide.commands(monitored, observers),
                () -> quit("the debugger"));
    }

    private PcBoard another(
            MachinePlan plan, BootFiles files, HostSide host, Future<InstructionSet> instructions) {
        boolean stopped = monitored.stopped();
        monitored.takeAway();
        observers.detach();
        board.close();
        try {
            PcBoard made = new PcBoard(plan, configuration, files, host.wires(), instructions);
            if (stopped) {
                made.control().stop();
            }
            observers.attach(made);
            monitored.begin(made);
            return made;
        } catch (BootException e) {
            throw new UsageError(e.getMessage());
        }
    }

    private Screenshot openScreenshot() {
        Screenshot screenshot = Screenshot.open(configuration.screenshot().get());
        Runnable atSignal =
                () -> {
                    PcBoard last = board;
                    if (last != null) {
                        screenshot.write(last);
                    }
                };
        Runtime.getRuntime().addShutdownHook(new Thread(atSignal, "screenshot"));
        return screenshot;
    }

    /** What the terminal was like; empty where there is none. */
    static Optional<TerminalMode> prepareTerminal(boolean keys) {
        return "false".equals(System.getProperty(TERMINAL_PROPERTY))
                ? Optional.empty()
                : TerminalMode.forGuest(keys);
    }

    private void quit(String who) {
        quitBy = who;
        quit.countDown();
        monitored.wake();
        PcBoard running = board;
        if (running != null) {
            running.quit();
        }
    }

    /** Whether there is another machine after this one. */
    private boolean goesOn(Outcome outcome) {
        boolean restarts = restarts(outcome);
        boolean waits = !restarts && waits(outcome) && quit.getCount() > 0;
        monitored.ended(outcome, restarts);
        return restarts || waits && monitored.awaitReset();
    }

    /** Few runs have one: hardly anything is loaded for the others. */
    private MonitorSide openMonitors(HostSide host) {
        boolean wanted = !options.monitors().isEmpty() || host.hasInput() && host.keys();
        return wanted
                ? MonitorSide.open(options.monitors(), monitored, host, observers)
                : MonitorSide.NONE;
    }

    private boolean restarts(Outcome outcome) {
        if (configuration.ending().noReboot() || quit.getCount() == 0) {
            return false;
        }
        return outcome instanceof Outcome.Reset
                || outcome instanceof Outcome.TripleFault fault
                        && (fault.deliberate() || configuration.ending().qemuExitCodes());
    }

    /** Says on standard error what the guest's own output cannot. */
    private void report(Outcome outcome) {
        if (expectations.decided() && !(outcome instanceof Outcome.InternalError)) {
            return;
        }
        if (outcome instanceof Outcome.TripleFault fault && !fault.deliberate()) {
            System.err.print(fault.report());
        } else if (outcome instanceof Outcome.DeadMachine dead) {
            System.err.print(dead.report());
        } else if (outcome instanceof Outcome.Limit limit) {
            System.err.print(limit.report());
        } else if (outcome instanceof Outcome.InternalError error) {
            System.err.print(error.report());
        } else if (outcome instanceof Outcome.Quit && !quitBy.isEmpty()) {
            Messages.info("ended by " + quitBy);
        }
    }

    /** Under -no-shutdown a machine that is off stays to be looked at, until the person ends it. */
    private boolean waits(Outcome outcome) {
        boolean off = outcome instanceof Outcome.PowerOff || outcome instanceof Outcome.Reset;
        return off && configuration.ending().noShutdown() && !expectations.decided();
    }
}
