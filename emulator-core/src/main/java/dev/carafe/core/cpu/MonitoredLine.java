package dev.carafe.core.cpu;

/**
 * The cache line that MONITOR watches for MWAIT (SDM Vol. 3A, "MONITOR/MWAIT Instruction"): what it
 * held when it was armed. vCPU thread only.
 *
 * <p>Stores are found by comparison, so that one that leaves the line as it was is not seen;
 * whoever waits ends after a bounded time anyway, as the manual allows.
 */
public final class MonitoredLine {
    /** Bytes of a line. */
    public static final int LENGTH = 64;

    private static final int WORDS = LENGTH / Long.BYTES;

    /** Reads eight bytes of memory. */
    @FunctionalInterface
    public interface Reader {
        long load64(long address);
    }

    private final long[] armedWith = new long[WORDS];
    private long linear;
    private long physical;
    private boolean armed;
    private boolean waiting;
    private boolean interruptsBreak;

    MonitoredLine() {}

    /** MONITOR. */
    public void arm(Cpu cpu, long address) {
        linear = address & -LENGTH;
        physical = cpu.memory.peek(linear);
        for (int i = 0; i < WORDS; i++) {
            armedWith[i] = cpu.memory.load64(linear + i * 8L);
        }
        armed = physical >= 0;
    }

    /** An interrupt between MONITOR and MWAIT, too, ends what MONITOR began. */
    public void disarm() {
        armed = false;
        waiting = false;
    }

    /**
     * MWAIT. Returns whether there is something to wait for.
     *
     * @param maskedInterrupts whether interrupts end it though RFLAGS.IF is clear
     */
    public boolean await(Cpu cpu, boolean maskedInterrupts) {
        waiting = armed && !changed(cpu.memory::load64, linear);
        armed = false;
        interruptsBreak = maskedInterrupts;
        return waiting;
    }

    /** Whether the processor halts in MWAIT and not in HLT. */
    public boolean waiting() {
        return waiting;
    }

    public boolean interruptsBreak() {
        return waiting && interruptsBreak;
    }

    /** Whether the line differs from what it was, in physical memory. */
    public boolean changed(Reader memory) {
        return changed(memory, physical);
    }

    private boolean changed(Reader memory, long address) {
        for (int i = 0; i < WORDS; i++) {
            if (memory.load64(address + i * 8L) != armedWith[i]) {
                return true;
            }
        }
        return false;
    }
}
