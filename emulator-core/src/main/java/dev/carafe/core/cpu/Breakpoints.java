package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.memory.AccessWatcher;

/**
 * The breakpoint conditions of DR0 to DR3 and DR7, and the debug traps that wait for the end of an
 * instruction (SDM Vol. 3B, "Debug Registers" and "Debug Exceptions").
 *
 * <p>While nothing is enabled nobody asks here. Otherwise an instruction that touches a watched
 * page, or begins in a page with an instruction breakpoint, raises {@link CpuFault#ALONE} with
 * nothing changed, and the interpreter executes it once more by itself: then conditions are
 * recorded, and the trap is taken behind it.
 *
 * <p>vCPU thread only.
 */
public final class Breakpoints implements AccessWatcher {
    /** DR6.BS: single step. */
    public static final long SINGLE_STEP = 1 << 14;

    /** DR6.BT: the new task's TSS has its T bit set. */
    public static final long TASK_SWITCH = 1 << 15;

    /** DR6.B0 to B3: they tell of the last debug exception only. */
    static final long MATCHED = 0xF;

    /** IA32_DEBUGCTL.BTF: single step stops at branches only. */
    public static final long BRANCH_TRAPS = 2;

    private static final int NUMBER = 4;
    private static final int FIELDS_SHIFT = 16; // of R/W0 in DR7
    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int PORT = 2;
    private static final int[] LENGTHS = {1, 2, 8, 4};
    private static final long PAGE_MASK = -4096;

    /** The debugger's points, beside those of the registers. */
    public final DebuggerStops debugger;

    private final Cpu cpu;
    private boolean code;
    private boolean data;
    private boolean ports;

    /** The instruction is executed by itself, or an event is delivered: conditions are recorded. */
    public boolean alone;

    /** RFLAGS.TF was set when the instruction began, and nothing has taken the trap away since. */
    public boolean trapping;

    private long pending; // bits of DR6

    Breakpoints(Cpu cpu) {
        this.cpu = cpu;
        debugger = new DebuggerStops(cpu);
    }

    /** Takes over the debugger's points; the machine stands still. */
    public void setDebugPoints(DebugPoints points) {
        debugger.set(points);
        changed();
        cpu.memory.flush();
    }

    /** DR0 to DR3 or DR7 were written. */
    public void changed() {
        boolean before = code || data;
        boolean watched = data;
        code = false;
        data = debugger.points().hasData();
        ports = false;
        for (int i = 0; i < NUMBER; i++) {
            if (enabled(i)) {
                switch (type(i)) {
                    case EXECUTE -> code = true;
                    case PORT -> ports = true;
                    default -> data = true;
                }
            }
        }
        if (data || watched) {
            cpu.memory.setWatcher(data ? this : null); // flushes
        } else if (code || before) {
            cpu.memory.flush();
        }
    }

    private boolean enabled(int i) {
        return (cpu.system.debug[7] >>> 2 * i & 3) != 0;
    }

    private int type(int i) {
        return (int) (cpu.system.debug[7] >>> FIELDS_SHIFT + 4 * i) & 3;
    }

    private int length(int i) {
        return LENGTHS[(int) (cpu.system.debug[7] >>> FIELDS_SHIFT + 2 + 4 * i) & 3];
    }

    private long first(int i) {
        return cpu.system.debug[i] & -length(i);
    }

    private boolean overlaps(int i, long address, int size) {
        long distance = address - first(i);
        return Long.compareUnsigned(distance, length(i)) < 0
                || Long.compareUnsigned(-distance, size) < 0;
    }

    /**
     * Breakpoints that match, as B0 to B3, when an enabled one is among them; otherwise 0.
     *
     * @param types one bit for each R/W value that means this kind of access
     */
    private long matches(int types, long address, int size) {
        long bits = 0;
        boolean due = false;
        for (int i = 0; i < NUMBER; i++) {
            if ((types >>> type(i) & 1) != 0 && overlaps(i, address, size)) {
                bits |= 1L << i;
                due |= enabled(i);
            }
        }
        return due ? bits : 0;
    }

    // ---- instructions

    /** Whether instructions in the page of a linear address have to be looked at one by one. */
    public boolean inCodePage(long linear) {
        if (!code) {
            return false;
        }
        for (int i = 0; i < NUMBER; i++) {
            if (enabled(i)
                    && type(i) == EXECUTE
                    && (first(i) & PAGE_MASK) == (linear & PAGE_MASK)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the debugger stops before the instruction that begins there. */
    public boolean stopsDebugger(long linear) {
        return debugger.points().hasCode() && debugger.stopsAt(linear);
    }

    /** B0 to B3 of the breakpoints at the instruction that begins there; 0 when none is enabled. */
    public long atInstruction(long linear) {
        return code ? matches(1 << EXECUTE, linear, 1) : 0;
    }

    // ---- data and ports

    @Override
    public boolean watches(long linearPage) {
        for (int i = 0; i < NUMBER; i++) {
            boolean here = (first(i) & PAGE_MASK) == linearPage;
            if (here && enabled(i) && type(i) != EXECUTE && type(i) != PORT) {
                return true;
            }
        }
        return debugger.points().dataInPage(linearPage);
    }

    @Override
    public void accessing(long linear, int size, boolean read, boolean write) {
        debugger.accessing(linear, size, read, write);
        int types = write ? 1 << WRITE | 1 << 3 : 1 << 3;
        await(matches(types, linear, size));
    }

    /** An access to I/O ports passed its checks and is about to happen. */
    public void accessingPort(int port, int size) {
        if (ports && cpu.control.cr4(ControlBits.CR4_DE)) {
            await(matches(1 << PORT, port, size));
        }
    }

    private void await(long bits) {
        if (bits != 0) {
            requireAlone();
            pend(bits);
        }
    }

    /**
     * Has the instruction executed by itself unless it is already; nothing may have changed yet.
     */
    public void requireAlone() {
        if (!alone) {
            throw CpuFault.ALONE;
        }
    }

    // ---- traps

    /** A debug trap is to be taken behind this instruction. */
    public void pend(long causes) {
        pending |= causes;
        cpu.events.raise(Events.DEBUG_TRAP);
    }

    /** Bits of DR6 that wait. */
    public long pending() {
        return pending;
    }

    /** Takes over what waits. */
    public long take() {
        if (pending == 0) {
            return 0;
        }
        long causes = pending;
        pending = 0;
        cpu.events.clear(Events.DEBUG_TRAP);
        return causes;
    }
}
