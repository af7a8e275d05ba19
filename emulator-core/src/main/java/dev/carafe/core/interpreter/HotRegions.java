package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Record;
import dev.carafe.core.weave.HandlerIndex;
import dev.carafe.core.weave.RegionCompiler;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The regions of one machine: handlers for many records, woven in the background while the guest
 * runs, and installed in place of the handler of the region's first record. Their numbers are the
 * last ones of the handler table; they are never used twice, so that nobody can meet another region
 * under a number that was read a moment ago.
 *
 * <p>Lock order: this → {@link CodePage} monitor.
 */
final class HotRegions {
    /** When regions are woven. */
    enum Policy {
        /** In the background, for code that is found executing again and again. */
        WHEN_HOT,
        /** At once, wherever execution enters a page: for tests. */
        AT_ONCE,
        NEVER
    }

    private static final int MOST = 4096;
    private static final int FIRST = HandlerIndex.CAPACITY - MOST;
    private static final int QUEUE = 64;

    private final HandlerTable table;
    private final MemorySegment ram;
    private final Policy policy;
    private final Consumer<Throwable> defects; // of the weaver's, on its thread
    private final short[] firsts = new short[MOST]; // handler that a region stands for; see install
    private final ThreadPoolExecutor thread; // null where nothing runs in the background
    private RegionCompiler compiler; // guarded by this, as next
    private int next = FIRST;

    HotRegions(HandlerTable table, MemorySegment ram, Policy policy, Consumer<Throwable> defects) {
        this.table = table;
        this.ram = ram;
        this.policy = policy;
        this.defects = defects;
        thread = policy == Policy.WHEN_HOT ? background() : null;
    }

    private static ThreadPoolExecutor background() {
        var executor =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        work -> Thread.ofPlatform().name("regions").daemon().unstarted(work));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    boolean atOnce() {
        return policy == Policy.AT_ONCE;
    }

    /** The handler that a region's number stands for; any other number is itself. */
    int first(int number) {
        return number < FIRST ? number : firsts[number - FIRST];
    }

    /** Wants the region that begins at a record woven; soon, or never when there is too much. */
    void request(CodePage page, int entry) {
        if (policy == Policy.AT_ONCE) {
            weave(page, entry);
        }
        if (thread == null) {
            return;
        }
        try {
            thread.execute(() -> weaveInBackground(page, entry));
        } catch (RejectedExecutionException full) {
            // it will be found hot again
        }
    }

    private void weaveInBackground(CodePage page, int entry) {
        try {
            weave(page, entry);
        } catch (Throwable defect) {
            defects.accept(defect); // nobody else would hear of it
        }
    }

    private synchronized void weave(CodePage page, int wanted) {
        long[] records;
        synchronized (page) {
            if (page.dropped || wanted >= page.end || next == HandlerIndex.CAPACITY) {
                return;
            }
            records = Arrays.copyOf(page.records, page.end);
        }
        int entry = wanted;
        while (Record.handler(records[entry]) == PseudoHandlers.GOTO) {
            entry = Record.link(records[entry + 1]); // a region begins with an instruction
        }
        if (Record.handler(records[entry]) >= FIRST) {
            return;
        }
        if (compiler == null) {
            compiler = new RegionCompiler(ram, this::request);
        }
        Handler region = compiler.compile(records, entry, table::firstHalf);
        if (region != null) {
            install(page, entry, records, region);
        }
    }

    /** Everything that belongs to a number is stored before the first record that names it. */
    private void install(CodePage page, int entry, long[] compiled, Handler region) {
        synchronized (page) {
            long word0 = page.records[entry];
            if (page.dropped || word0 != compiled[entry]) {
                return;
            }
            firsts[next - FIRST] = (short) Record.handler(word0);
            table.handlers[next] = region;
            VarHandle.releaseFence();
            page.records[entry] = Record.withHandler(word0, next);
            next++;
        }
    }
}
