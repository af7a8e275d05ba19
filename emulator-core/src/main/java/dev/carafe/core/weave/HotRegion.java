package dev.carafe.core.weave;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Record;
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

    private int jumps; // a count that may be wrong: vCPUs share it without order

    /** For woven classes. */
    protected HotRegion() {}

    /**
     * Whether a backward jump goes on inside: no event, budget left, and the code still what was
     * compiled.
     */
    protected final boolean stays(Cpu cpu, long[] code, int target) {
        int count = jumps;
        if (count < YOUNG) {
            jumps = count + 1;
            if (count % LEAVES_ONE_IN == 0) {
                return false;
            }
        }
        return Record.handler(code[target]) != 0 && Near.mayStay(cpu);
    }
}
