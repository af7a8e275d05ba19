package dev.carafe.tools.cli;

import dev.carafe.tools.headless.ExitCodes;
import dev.carafe.tools.headless.SerialWatch;
import dev.carafe.tools.headless.SerialWatch.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * {@code --expect} and {@code --fail-on} around a run: ends it when there is a verdict, but lets
 * the line, or the guest's last words, be finished first.
 */
final class Expectations {
    private static final long SILENCE_MILLIS = 100;
    private static final int MOST_SILENCES = 20;

    private final RunOptions options;
    private final Runnable decided;
    private final Runnable quit;
    private final SerialWatch watch;
    private final List<SerialWatch.Tap> taps = new ArrayList<>(); // complete before the run
    private final AtomicLong bytes = new AtomicLong();
    private final CountDownLatch lineEnd = new CountDownLatch(1); // after a verdict
    private volatile Verdict verdict; // null: none yet

    /**
     * @param decided hears of a verdict at once: nothing else counts from then on
     * @param quit ends the run
     */
    Expectations(RunOptions options, Runnable decided, Runnable quit) {
        this.options = options;
        this.decided = decided;
        this.quit = quit;
        this.watch = new SerialWatch(options.expect(), options.failOn(), this::decided);
    }

    /** What a device's output becomes: the same where nothing is looked for. */
    IntConsumer tap(IntConsumer output) {
        if (options.expect().isEmpty() && options.failOn().isEmpty()) {
            return output;
        }
        SerialWatch.Tap tap = watch.tap(output);
        taps.add(tap);
        return value -> {
            tap.accept(value);
            bytes.incrementAndGet();
            if (value == '\n' && verdict != null) {
                lineEnd.countDown();
            }
        };
    }

    private void decided(Verdict found) {
        verdict = found;
        decided.run();
        Thread.ofPlatform().daemon().name("verdict").start(() -> end(found));
    }

    private void end(Verdict found) {
        try {
            if (found instanceof Verdict.Met) {
                lineEnd.await(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                awaitSilence();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        quit.run();
    }

    private void awaitSilence() throws InterruptedException {
        long before = -1;
        for (int i = 0; i < MOST_SILENCES && bytes.get() != before; i++) {
            before = bytes.get();
            TimeUnit.MILLISECONDS.sleep(SILENCE_MILLIS);
        }
    }

    /** Whether the run was ended from here. */
    boolean decided() {
        return verdict != null;
    }

    /**
     * The process's exit code, with the reason on standard error where it is not the run's own.
     *
     * @param code what the run's end alone would give
     */
    int exitCode(int code) {
        taps.forEach(SerialWatch.Tap::lineEnds);
        if (verdict instanceof Verdict.Forbidden(var pattern, String _)) {
            Messages.error("--fail-on '" + pattern + "': the guest said: " + watch.forbiddenLine());
            return ExitCodes.EXPECTATION;
        }
        if (watch.missing() == null) {
            return verdict == null ? code : ExitCodes.SUCCESS;
        }
        Messages.error("--expect '" + watch.missing() + "': the guest has not said it");
        return ExitCodes.isVerdict(code) ? code : ExitCodes.EXPECTATION;
    }
}
