package dev.carafe.core.weave;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.control.Near;

/**
 * The handler of many records, those that can be reached from one of them by direct jumps inside
 * the page: loops stay in it. Made while the machine runs, for code that is executed often. It
 * executes what the single handlers would execute, in the same order.
 */
public abstract class HotRegion extends Handler {
    /**
     * So many backward jumps one in eight leaves, so that the host's compiler sees the method
     * called; its thresholds for a loop that never ends are far higher.
     */
    private static final int YOUNG = 200_000;

    private static final int LEAVES_ONE_IN = 8;

    /**
     * So many exits are looked at, and where one in some dozens leads, code is hot that is in no
     * region: what the samples of {@code HotCode} cannot see, since they are taken where loops
     * close.
     */
    private static final int EXITS = 500_000;

    private static final int HOT_EXIT = 10_000;
    private static final int PLACES = 64; // more than there are exits that often; a power of two

    /** Hears of the records at which hot code begins. */
    @FunctionalInterface
    public interface Exits {
        void hot(CodePage page, int entry);
    }

    private final int[] places = new int[PLACES]; // as those below: vCPUs share them without order,
    private final int[] counts = new int[PLACES]; // and they may be wrong
    private int exits;
    private int jumps;
    private Exits listener; // set before the region is published

    /** For woven classes. */
    protected HotRegion() {}

    final void listen(Exits newListener) {
        listener = newListener;
    }

    /**
     * Leaves the region.
     *
     * @param next the record outside that comes next, or {@link #LEAVE}
     * @return it
     */
    protected final int exit(Cpu cpu, int next) {
        if (exits < EXITS) {
            count(cpu, next);
        }
        return next;
    }

    private void count(Cpu cpu, int next) {
        exits++;
        int place = next >> 1 & PLACES - 1;
        if (next < 0) {
            return;
        }
        if (places[place] != next) {
            places[place] = next;
            counts[place] = 0;
        }
        if (++counts[place] == HOT_EXIT) {
            listener.hot(cpu.page, next);
        }
    }

    /**
     * Whether a backward jump goes on inside: no event, budget left, and the code still what was
     * compiled.
     */
    protected final boolean stays(Cpu cpu, CodePage page) {
        int count = jumps;
        if (count < YOUNG) {
            jumps = count + 1;
            if (count % LEAVES_ONE_IN == 0) {
                return false;
            }
        }
        return !page.dropped && Near.mayStay(cpu);
    }
}
