package dev.carafe.tools.report;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.machine.Machine;
import dev.carafe.core.machine.Vcpu;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Looks from time to time whether a machine can still change. It cannot when every processor is
 * halted or goes round in a circle ({@link CycleFinder}), and nothing can interrupt any of them
 * ({@link Wakeups}). That is proven, never guessed: a machine that merely makes no progress is left
 * alone. There is one more verdict: processors that wait in circles, with interrupts off, for locks
 * that only they themselves could release, while all others idle.
 *
 * <p>Nothing is decided while somebody has the machine in hand, as a debugger that holds
 * processors.
 *
 * <p>A machine that runs costs two reads for each processor and period; it is searched only when
 * all seem to be where they were, which a healthy loop looks like as well. So searches begin short,
 * and take one part in 200 of a machine's time at most.
 */
public final class HangWatch implements Watcher {
    private static final long PERIOD_NANOS = 20_000_000;

    /**
     * A search that found nothing is followed by a rest of so many times its own length, or of so
     * many instructions for each one searched: a busy host makes searches long, not dear.
     */
    private static final int REST = 200;

    private static final long REST_INSTRUCTIONS = 2500;
    private static final int LEAST_SEARCHED = 1000;

    private static final int FIRST_STEPS = 250; // of a search; each one goes twice as far
    private static final int MOST_STEPS = 4000;

    /** Who was found halted so often in a row has nothing to do but to serve a timer. */
    private static final int IDLE_SAMPLES = 10;

    private final Machine machine;
    private final Scene scene;
    private final Wakeups wakeups;
    private final Consumer<Report> verdict;
    private final CodePage[] pages; // watch thread only, as all below
    private final Activity[] activities;
    private final int[] halts; // how often in a row each was found halted
    private long restsUntil; // virtual time, nanoseconds
    private long restsUntilExecuted; // or so many instructions of all
    private long searched; // instructions, by this attempt
    private int steps = FIRST_STEPS;
    private volatile boolean closed;
    private Thread thread; // set by start

    /**
     * @param verdict hears that the machine is dead, once, while it stands still
     */
    public HangWatch(Machine machine, Scene scene, Wakeups wakeups, Consumer<Report> verdict) {
        this.machine = machine;
        this.scene = scene;
        this.wakeups = wakeups;
        this.verdict = verdict;
        pages = new CodePage[machine.vcpus().size()];
        activities = new Activity[pages.length];
        halts = new int[pages.length];
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("carafe-watch").start(this::watch);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            boolean ours = !closed && !machine.control().attended();
            if (ours && looksStuck() && rested() && attempt()) {
                return;
            }
        }
    }

    private boolean rested() {
        return machine.timers().now() >= restsUntil || machine.executed() >= restsUntilExecuted;
    }

    /** Whether there was a verdict. */
    private boolean attempt() {
        long begun = machine.timers().now();
        searched = LEAST_SEARCHED;
        boolean decided = decide();
        long now = machine.timers().now();
        restsUntil = now + REST * (now - begun);
        restsUntilExecuted = machine.executed() + REST_INSTRUCTIONS * searched;
        return decided;
    }

    /**
     * A hint, read without stopping anybody: every processor idles, or is in the page of code where
     * it was.
     */
    private boolean looksStuck() {
        boolean stuck = true;
        for (Cpu cpu : scene.cpus()) {
            halts[cpu.index] = cpu.activity == Activity.HALTED ? halts[cpu.index] + 1 : 0;
            boolean same =
                    activities[cpu.index] == cpu.activity
                            && (cpu.activity != Activity.RUNNING || pages[cpu.index] == cpu.page);
            activities[cpu.index] = cpu.activity;
            pages[cpu.index] = cpu.page;
            stuck &= same;
        }
        return stuck;
    }

    private boolean decide() {
        Set<Cpu> open = machine.control().still(this::interruptible);
        if (!idle(open)) {
            return false;
        }
        Map<Cpu, CycleFinder> circles = new HashMap<>();
        for (Vcpu vcpu : machine.vcpus()) {
            if (vcpu.cpu().activity == Activity.RUNNING) {
                CycleFinder finder = new CycleFinder(scene, steps);
                searched += steps;
                vcpu.visit(finder);
                if (!finder.await()) {
                    steps = Math.min(MOST_STEPS, steps * 2);
                    return false;
                }
                circles.put(vcpu.cpu(), finder);
            }
        }
        Optional<Report> found = machine.control().still(() -> judge(circles, open));
        found.ifPresent(verdict);
        return found.isPresent();
    }

    /** Those processors that something may still interrupt. */
    private Set<Cpu> interruptible() {
        Set<Cpu> open = new HashSet<>();
        for (Cpu cpu : scene.cpus()) {
            boolean may = ProcessorState.started(cpu) && wakeups.possible(cpu);
            if (may || cpu.activity == Activity.SHUTDOWN) {
                open.add(cpu);
            }
        }
        return open;
    }

    /**
     * Whether processors that may be interrupted have nothing to do all the same: they were halted
     * whenever somebody looked.
     */
    private boolean idle(Set<Cpu> open) {
        return open.stream()
                .allMatch(
                        cpu -> cpu.activity == Activity.HALTED && halts[cpu.index] >= IDLE_SAMPLES);
    }

    /** While the machine stands still: everybody is where he was found. */
    private Optional<Report> judge(Map<Cpu, CycleFinder> circles, Set<Cpu> open) {
        if (closed || machine.control().attended() || !open.containsAll(interruptible())) {
            return Optional.empty();
        }
        for (Cpu cpu : scene.cpus()) {
            CycleFinder circle = circles.get(cpu);
            boolean stays = circle == null ? cpu.activity != Activity.RUNNING : circle.holds(cpu);
            if (!stays) {
                return Optional.empty();
            }
        }
        HangReport report = new HangReport(scene, wakeups, circles);
        boolean certain = open.isEmpty() || report.ownersAreStuck();
        return certain ? Optional.of(report.make(open)) : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
