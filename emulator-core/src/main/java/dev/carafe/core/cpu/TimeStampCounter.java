package dev.carafe.core.cpu;

/**
 * The time-stamp counter and IA32_TSC_ADJUST (SDM Vol. 3B, "Time-Stamp Counter"): the machine's
 * clock plus an offset.
 */
public final class TimeStampCounter {
    private TimeStampCounter() {}

    public static long read(Cpu cpu) {
        return cpu.clock.ticks(cpu.model.tscHertz()) + cpu.system.tscOffset;
    }

    /** WRMSR to IA32_TIME_STAMP_COUNTER: IA32_TSC_ADJUST moves by as much. */
    public static void write(Cpu cpu, long value) {
        long moved = value - read(cpu);
        cpu.system.tscOffset += moved;
        cpu.system.tscAdjust += moved;
    }

    /** WRMSR to IA32_TSC_ADJUST: the counter moves by the difference. */
    public static void adjust(Cpu cpu, long value) {
        cpu.system.tscOffset += value - cpu.system.tscAdjust;
        cpu.system.tscAdjust = value;
    }
}
