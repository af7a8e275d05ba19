package dev.carafe.tools.cli;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.InstructionTracer;
import dev.carafe.tools.board.LogItem;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.trace.Profile;
import dev.carafe.tools.trace.Timeline;
import dev.carafe.tools.trace.TraceLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Those who look at what the guest executes: traces, profile and timeline. A run without them has
 * this object and nothing else of it.
 */
final class Observers implements AutoCloseable {
    private final Recording recording;
    private boolean traces; // guarded by this, as all below
    private PcBoard board; // null: none
    private Profile profile; // null: none
    private Writer profileFile;
    private Timeline timeline; // null: none

    Observers(Recording recording, Set<LogItem> items) {
        this.recording = recording;
        traces = wantsTrace(items);
    }

    private static boolean wantsTrace(Set<LogItem> items) {
        for (LogItem item : items) {
            if (item.traced()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens the files.
     *
     * @throws UsageError when one cannot be written
     */
    synchronized void open() {
        if (recording.profile().isPresent()) {
            profileFile = writer("--profile", recording.profile().get());
            profile = new Profile();
        }
        if (recording.timeline().isPresent()) {
            Path path = recording.timeline().get();
            try {
                timeline = new Timeline(writer("--timeline", path));
            } catch (IOException e) {
                throw UsageError.of("--timeline", path.toString(), HostError.reason(e));
            }
        }
        if (profile != null || timeline != null) {
            LastWords.atEnd(
                    "observers",
                    this::close,
                    () -> Messages.error("--profile or --timeline: the file is not complete"));
        }
    }

    private static Writer writer(String option, Path path) {
        try {
            return new BufferedWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw UsageError.of(option, path.toString(), HostError.reason(e));
        }
    }

    /** This is the machine from now on; it does not run yet. */
    synchronized void attach(PcBoard made) {
        board = made;
        if (profile != null) {
            profile.attach(made.parts().machine(), made.symbols());
        }
        if (timeline != null) {
            timeline.attach(made.parts().machine(), made.symbols());
        }
        if (traces || timeline != null) {
            trace();
        }
    }

    /** The machine is about to go. */
    synchronized void detach() {
        if (profile != null) {
            profile.detach();
        }
        board = null;
    }

    /** A monitor wants these items logged from now on. */
    synchronized void select(Set<LogItem> items) {
        boolean before = traces;
        traces = wantsTrace(items);
        if (board != null && (before != traces)) {
            trace();
        }
    }

    private void trace() {
        InstructionTracer log =
                traces
                        ? new TraceLog(board.parts().machine(), board.symbols(), recording.filter())
                        : null;
        InstructionTracer both = log != null && timeline != null ? both(log, timeline) : log;
        board.parts().machine().trace(both == null ? timeline : both);
    }

    private static InstructionTracer both(InstructionTracer first, InstructionTracer second) {
        return new InstructionTracer() {
            @Override
            public void before(Cpu cpu) {
                first.before(cpu);
                second.before(cpu);
            }

            @Override
            public void after(Cpu cpu, boolean executed) {
                first.after(cpu, executed);
                second.after(cpu, executed);
            }
        };
    }

    /** Ends the files; further calls do nothing. */
    @Override
    public synchronized void close() {
        try {
            if (timeline != null) {
                close(timeline);
            }
            if (profile != null) {
                profile.detach();
                profile.write(profileFile);
                profileFile.close();
            }
        } catch (IOException e) {
            Messages.error("--profile or --timeline: " + HostError.reason(e));
        }
        timeline = null;
        profile = null;
        board = null;
    }

    /** At a signal the processors may still run: they stand still meanwhile. */
    private void close(Timeline last) throws IOException {
        if (board == null) {
            last.close();
            return;
        }
        IOException[] problem = new IOException[1];
        board.control()
                .still(
                        () -> {
                            try {
                                last.close();
                            } catch (IOException e) {
                                problem[0] = e;
                            }
                        });
        if (problem[0] != null) {
            throw problem[0];
        }
    }
}
