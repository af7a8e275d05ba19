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
 * <p>A machine that runs costs some reads for each processor and period; it is searched only when
 * all seem to be where they were, which a healthy loop looks like as well. So most searches are
 * short, and each is followed by a rest.
 */
public final class HangWatch implements Watcher {
    private static final long PERIOD_NANOS = 20_000_000;

    private static final int LONG_SEARCH = 4000; // instructions
    private static final int SHORT_SEARCH = 128;
    private static final int REMEMBERED = 64; // looks

    /** Who was found halted so often in a row has nothing to do but to serve a timer. */
    private static final int IDLE_SAMPLES = 10;

    private final Machine machine;
    private final Scene scene;
    private final Wakeups wakeups;
    private final Consumer<Report> verdict;
    private final CodePage[] pages; // watch thread only, as all below
    private final Activity[] activities;
    private final int[][] hashes; // of each one's registers at the last looks
    private int place; // of the last look in each of them
    private final int[] halts; // how often in a row each was found halted
    private final Rest afterLong = new Rest(1_000_000_000, 100_000_000);
    private final Rest afterShort = new Rest(40_000_000, 0);
    private int steps; // of this attempt
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
        hashes = new int[pages.length][REMEMBERED];
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("carafe-watch").start(this::watch);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            boolean ours = !closed && !machine.control().attended();
            if (ours && looksStuck() && attempt()) {
                return;
            }
        }
    }

    /**
     * Whether a processor's registers are what they were at one of the last looks. Read while it
     * runs: a mixture of two moments is no harm, since a search decides.
     */
    private boolean repeats(Cpu cpu) {
        int hash = CycleFinder.registersHash(cpu);
        int[] before = hashes[cpu.index];
        boolean found = false;
        for (int earlier : before) {
            found |= earlier == hash;
        }
        before[place] = hash;
        return found;
    }

    /** Whether there was a verdict. */
    private boolean attempt() {
        steps = afterLong.over() ? LONG_SEARCH : SHORT_SEARCH;
        Rest rest = steps == LONG_SEARCH ? afterLong : afterShort;
        if (!rest.over()) {
            return false;
        }
        long begun = machine.timers().now();
        boolean decided = decide();
        rest.begin(machine.timers().now() - begun);
        return decided;
    }

    /**
     * What follows a search that found nothing: so many instructions of all processors, or 200
     * times as long as it took. On a busy host a search takes long but is not dear, and there the
     * instructions count; a fast guest executes many instructions in a moment, but most of its
     * loops are told from a hang by a short search.
     */
    private final class Rest {
        private static final int TIMES = 200;

        private final long instructions;
        private long untilTime; // virtual, nanoseconds
        private long untilExecuted;

        /**
         * @param first instructions before the first search
         */
        Rest(long instructions, long first) {
            this.instructions = instructions;
            untilTime = Long.MAX_VALUE;
            untilExecuted = first;
        }

        boolean over() {
            return machine.timers().now() >= untilTime || machine.executed() >= untilExecuted;
        }

        void begin(long took) {
            untilTime = machine.timers().now() + TIMES * took;
            untilExecuted = machine.executed() + instructions;
        }
    }

    /**
     * A hint, read without stopping anybody: every processor idles, or is in the page of code where
     * it was, with registers that it had before. Loops that do some work seldom have.
     */
    private boolean looksStuck() {
        boolean stuck = true;
        place = (place + 1) % REMEMBERED;
        for (Cpu cpu : scene.cpus()) {
            halts[cpu.index] = cpu.activity == Activity.HALTED ? halts[cpu.index] + 1 : 0;
            boolean same =
                    activities[cpu.index] == cpu.activity
                            && (cpu.activity != Activity.RUNNING
                                    || repeats(cpu) && pages[cpu.index] == cpu.page);
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
                vcpu.visit(finder);
                if (!finder.await()) {
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
