package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.LockWriters;
import dev.carafe.core.cpu.LockWriters.Writer;
import java.util.Optional;
import java.util.OptionalLong;

/** Who holds the lock that a processor waits for. */
final class LockOwner {
    /** Instead of the instruction that took a lock. */
    static final long UNKNOWN = 0;

    private static final int WORD = 4;
    private static final int NEIGHBOURHOOD = 16;
    private static final int STACK_WORDS = 24;

    private final Scene scene;

    LockOwner(Scene scene) {
        this.scene = scene;
    }

    /**
     * Whoever changed the word last with a locked instruction; for a ticket lock, which is served
     * by plain stores, whoever drew the ticket that is being served from a word beside it.
     */
    Optional<Writer> of(Cpu waiter, CycleFinder.Read word) {
        LockWriters writers = scene.machine().lockWriters();
        long offset = offset(waiter, word.address());
        OptionalLong value = scene.number(waiter, word.address(), Math.min(word.size(), 8));
        if (offset < 0 || value.isEmpty()) {
            return Optional.empty();
        }
        Writer last = writers.last(offset);
        return last != null
                ? Optional.of(last)
                : ticket(writers, offset, value.getAsLong(), waiter.index);
    }

    private Optional<Writer> ticket(LockWriters writers, long offset, long serving, int waiter) {
        Writer mine = null;
        Writer owner = null;
        for (long at = offset - NEIGHBOURHOOD; at <= offset + NEIGHBOURHOOD; at += WORD) {
            Writer waiters = at == offset || at < 0 ? null : writers.of(at, waiter);
            mine = waiters == null ? mine : waiters;
            for (Cpu cpu : scene.cpus()) {
                Writer drawn = at == offset || at < 0 ? null : writers.of(at, cpu.index);
                boolean served =
                        drawn != null
                                && drawn.before() == serving
                                && drawn.after() == drawn.before() + 1;
                owner = served ? drawn : owner;
            }
        }
        if (mine == null || owner != null) { // the waiter has drawn too, or it is no ticket lock
            return mine == null ? Optional.empty() : Optional.of(owner);
        }
        // Nobody's last ticket is the one being served: who drew it has drawn again, and waits.
        boolean again = mine.before() == serving + 1;
        return again ? Optional.of(forgotten(mine, serving)) : Optional.empty();
    }

    /** The first of two tickets that a processor drew; where is not known any more. */
    private static Writer forgotten(Writer again, long serving) {
        return new Writer(again.vcpu(), UNKNOWN, 0, false, 0, serving, serving + 1);
    }

    private long offset(Cpu cpu, long linear) {
        long physical = cpu.memory.peek(linear);
        return physical < 0 ? -1 : scene.machine().memory().memoryOffset(physical);
    }

    /** {@code acquire+0x9 (lock.c:12), called in write_log}. */
    String where(Writer writer) {
        Cpu cpu = scene.cpus().get(writer.vcpu());
        String place = scene.place(writer.rip());
        String function = scene.symbols().code(writer.rip()).map(at -> at.symbol()).orElse("");
        Backtrace backtrace = new Backtrace(scene, cpu);
        for (int i = 0; i < STACK_WORDS && !function.isEmpty(); i++) {
            OptionalLong word = scene.read64(cpu, writer.stack() + 8L * i);
            if (word.isEmpty()) {
                break;
            }
            String caller =
                    scene.symbols().code(word.getAsLong() - 1).map(at -> at.symbol()).orElse("");
            boolean lockCode = caller.contains("lock") || caller.contains("acquire");
            if (!caller.equals(function) && !lockCode && backtrace.isReturn(word.getAsLong())) {
                return place + ", called in " + caller;
            }
        }
        return place;
    }
}
