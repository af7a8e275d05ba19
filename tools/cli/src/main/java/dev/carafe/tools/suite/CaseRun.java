package dev.carafe.tools.suite;

import dev.carafe.tools.headless.ExitCodes;
import dev.carafe.tools.headless.SerialWatch;
import dev.carafe.tools.suite.CaseResult.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One run: a process of Carafe's own with the case's options, and the judgement of what came of it.
 *
 * <p>A process for each machine, not a JVM for all: a run is then what the same command line gives
 * by hand, the exit code included; a defect, a lack of memory or an endless loop of the host's
 * stays inside its run; and a limit can always be enforced.
 */
final class CaseRun {
    private static final long GRACE_SECONDS = 10;

    private final Case test;
    private final List<String> carafe;
    private final InstantSource clock;

    /**
     * @param carafe the command to which a run's options are added
     */
    CaseRun(Case test, List<String> carafe, InstantSource clock) {
        this.test = test;
        this.carafe = carafe;
        this.clock = clock;
    }

    /** The whole command line. */
    List<String> command() {
        List<String> command = new ArrayList<>(carafe);
        command.addAll(options(test));
        return command;
    }

    /** What a person would type behind {@code carafe} to see the same. */
    static List<String> options(Case test) {
        List<String> options = new ArrayList<>(test.arguments());
        if (test.arguments().stream().noneMatch(CaseRun::choosesConsole)) {
            options.addAll(List.of("-display", "none", "-serial", "stdio"));
        }
        if (test.arguments().stream().noneMatch(word -> word.matches("--?no-reboot"))) {
            options.add("-no-reboot");
        }
        if (test.exitCodes().isEmpty()) { // else the guest ends the run, and is judged afterwards
            test.expect().forEach(each -> options.addAll(List.of("--expect", each.pattern())));
        }
        test.failOn().forEach(each -> options.addAll(List.of("--fail-on", each.pattern())));
        test.limitInstructions()
                .ifPresent(
                        limit ->
                                options.addAll(
                                        List.of("--limit-instructions", Long.toString(limit))));
        return options;
    }

    private static boolean choosesConsole(String word) {
        return word.matches("--?(serial|nographic|nodefaults|debugcon)");
    }

    /** Runs it to its end. */
    CaseResult run() throws InterruptedException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("carafe-test");
            return run(folder.resolve("serial"), folder.resolve("messages"));
        } catch (IOException e) {
            return judged(-1, Duration.ZERO, "", "", "it could not be started: " + e.getMessage());
        } finally {
            delete(folder);
        }
    }

    private CaseResult run(Path serial, Path messages) throws IOException, InterruptedException {
        Instant start = clock.instant();
        Process process =
                new ProcessBuilder(command())
                        .directory(test.file().toAbsolutePath().getParent().toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(serial.toFile())
                        .redirectError(messages.toFile())
                        .start();
        boolean inTime;
        try {
            inTime = process.waitFor(test.limitSeconds(), TimeUnit.SECONDS);
            if (!inTime) {
                process.destroy(); // Carafe then says where every processor is
                if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(serial, StandardCharsets.ISO_8859_1);
        String text =
                new String(said.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        String reported = new String(Files.readAllBytes(messages), StandardCharsets.UTF_8);
        Duration duration = Duration.between(start, clock.instant());
        if (!inTime) {
            String limit = "it did not end within " + test.limitSeconds() + " s";
            return judged(ExitCodes.LIMIT, duration, text, reported, limit);
        }
        return judged(process.exitValue(), duration, text, reported, "");
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        for (String name : List.of("serial", "messages", "")) {
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException e) {
                // A file in the host's temporary folder stays.
            }
        }
    }

    /** The result, given what is known to be wrong already. */
    CaseResult judged(int code, Duration duration, String serial, String messages, String known) {
        List<TapResult> tap = List.of();
        String reason = known;
        if (test.tap() != Case.Tap.IGNORED) {
            TapParser parser = TapParser.of(serial);
            tap = parser.results();
            reason = first(reason, tapProblem(parser));
        }
        reason = first(reason, codeProblem(code, messages));
        reason = first(reason, missing(serial));
        boolean passed = reason.isEmpty();
        return new CaseResult(
                test,
                passed ? Status.PASSED : Status.FAILED,
                code,
                duration,
                serial,
                messages,
                reason,
                passed ? SourcePlace.of(test) : SourcePlace.find(test, messages, serial),
                tap);
    }

    private static String first(String known, String next) {
        return known.isEmpty() ? next : known;
    }

    private String tapProblem(TapParser parser) {
        if (!parser.announced()) {
            return test.tap() == Case.Tap.REQUIRED ? "no line 'TAP version' came" : "";
        }
        for (TapResult result : parser.results()) {
            if (result.status() == TapResult.Status.FAILED) {
                return "not ok: " + result.name();
            }
        }
        return parser.problem();
    }

    private String codeProblem(int code, String messages) {
        List<Integer> wanted = test.exitCodes().isEmpty() ? List.of(0) : test.exitCodes();
        if (wanted.contains(code)) {
            return "";
        }
        String said = lastMessage(messages);
        String expected = wanted.size() == 1 ? wanted.getFirst() + "" : "one of " + wanted;
        return "exit code "
                + code
                + ", not "
                + expected
                + (said.isEmpty() ? meaning(code) : ": " + said);
    }

    private static String meaning(int code) {
        return switch (code) {
            case ExitCodes.TRIPLE_FAULT -> " (a triple fault)";
            case ExitCodes.DEAD_MACHINE -> " (a machine that cannot go on)";
            case ExitCodes.LIMIT -> " (a limit)";
            default -> "";
        };
    }

    /** The headline of what Carafe reported: its first line that is no warning. */
    private static String lastMessage(String messages) {
        return messages.lines()
                .filter(line -> line.startsWith("carafe: ") && !line.contains(": warning: "))
                .findFirst()
                .map(line -> line.substring("carafe: ".length()))
                .orElse("");
    }

    private String missing(String serial) {
        SerialWatch watch = new SerialWatch(test.expect(), List.of(), verdict -> {});
        SerialWatch.Tap tap = watch.tap(value -> {});
        for (byte value : serial.getBytes(StandardCharsets.UTF_8)) {
            tap.accept(value & 0xFF);
        }
        tap.lineEnds();
        Pattern missing = watch.missing();
        return missing == null ? "" : "the guest has not said '" + missing + "'";
    }
}
