package dev.carafe.core.cpu;

import java.util.Arrays;

/**
 * Architectural performance monitoring, version 2 (SDM Vol. 3B, "Architectural Performance
 * Monitoring"): four general and three fixed counters for instructions and cycles. A counter's
 * value is computed when somebody asks; nothing is counted one by one. vCPU thread only.
 *
 * <p>An instruction takes one core cycle; reference cycles are those of the time-stamp counter,
 * also while the processor is halted. Not modelled: the interrupt at overflow, which only sets its
 * status bit; counting at one privilege level only; other events, which count nothing.
 */
public final class PerformanceCounters {
    /** Number of general counters; they come first. */
    public static final int GENERAL = 4;

    /** Number of fixed counters: instructions, core cycles, reference cycles. */
    public static final int FIXED = 3;

    /** All counters, as IA32_PERF_GLOBAL_CTRL places them. */
    public static final long ALL = (1L << GENERAL) - 1 | (1L << FIXED) - 1 << 32;

    /** What IA32_FIXED_CTR_CTRL may hold: OS, user and interrupt of each counter. */
    public static final long FIXED_CONTROL = 0xBBB;

    /** What IA32_PERFEVTSELx may hold. */
    public static final long SELECTABLE = 0xFFDF_FFFFL;

    /** What AMD's PERF_CTLx may hold. */
    public static final long AMD_SELECTABLE = 0x0000_03CF_FFDF_FFFFL;

    private static final int WIDTH = 48;
    private static final long MASK = (1L << WIDTH) - 1;
    private static final long EVENT = 0xFFFF;
    private static final long ENABLE = 1 << 22;
    private static final long RINGS = 3 << 16; // user and OS
    private static final int INSTRUCTIONS = 0x00C0;
    private static final int CORE_CYCLES = 0x003C;
    private static final int REFERENCE_CYCLES = 0x013C;
    private static final int AMD_CYCLES = 0x0076;

    /** Events of leaf 0AH:EBX that are missing: cache references and misses, branches. */
    private static final int MISSING_EVENTS = 0x78;

    private static final int NO_ANY_THREAD = 1 << 15;

    private final long[] select = new long[GENERAL];
    private final long[] value = new long[GENERAL + FIXED];
    private final long[] seen = new long[GENERAL + FIXED]; // what each event stood at then
    private long fixedControl;
    private long globalControl;
    private long status;

    PerformanceCounters() {
        powerUp();
    }

    /** CPUID leaf 0AH. */
    static int[] describe(CpuModel model) {
        if (!model.has(Feature.ARCH_PERFMON) || model.isAmd()) {
            return new int[4];
        }
        return new int[] {
            2 | GENERAL << 8 | WIDTH << 16 | 7 << 24,
            MISSING_EVENTS,
            0,
            FIXED | WIDTH << 5 | NO_ANY_THREAD
        };
    }

    void powerUp() {
        Arrays.fill(select, 0);
        Arrays.fill(value, 0);
        fixedControl = 0;
        globalControl = (1L << GENERAL) - 1;
        status = 0;
    }

    public long read(Cpu cpu, int counter) {
        catchUp(cpu);
        return value[counter];
    }

    public void write(Cpu cpu, int counter, long wanted) {
        catchUp(cpu);
        value[counter] = wanted & MASK;
    }

    public long select(int counter) {
        return select[counter];
    }

    public void setSelect(Cpu cpu, int counter, long wanted) {
        catchUp(cpu);
        select[counter] = wanted;
        catchUp(cpu);
    }

    public long fixedControl() {
        return fixedControl;
    }

    public void setFixedControl(Cpu cpu, long wanted) {
        catchUp(cpu);
        fixedControl = wanted;
    }

    public long globalControl() {
        return globalControl;
    }

    public void setGlobalControl(Cpu cpu, long wanted) {
        catchUp(cpu);
        globalControl = wanted;
    }

    /** IA32_PERF_GLOBAL_STATUS: counters that have overflowed. */
    public long status(Cpu cpu) {
        catchUp(cpu);
        return status;
    }

    public void clearStatus(Cpu cpu, long bits) {
        catchUp(cpu);
        status &= ~bits;
    }

    /** Brings all counters up to now. */
    private void catchUp(Cpu cpu) {
        long instructions = cpu.executedSoFar();
        long ticks = cpu.clock.ticks(cpu.model.tscHertz());
        for (int i = 0; i < value.length; i++) {
            long now = standing(i, instructions, ticks);
            if (counts(i)) {
                long sum = value[i] + (now - seen[i]);
                value[i] = sum & MASK;
                status |= sum > MASK ? bit(i) : 0;
            }
            seen[i] = now;
        }
    }

    private static long bit(int counter) {
        return counter < GENERAL ? 1L << counter : 1L << 32 + counter - GENERAL;
    }

    private boolean counts(int counter) {
        if ((globalControl & bit(counter)) == 0) {
            return false;
        }
        return counter < GENERAL
                ? (select[counter] & ENABLE) != 0 && (select[counter] & RINGS) != 0
                : (fixedControl >>> 4 * (counter - GENERAL) & 3) != 0;
    }

    private long standing(int counter, long instructions, long ticks) {
        if (counter >= GENERAL) {
            return counter < GENERAL + 2 ? instructions : ticks;
        }
        return switch ((int) (select[counter] & EVENT)) {
            case INSTRUCTIONS, CORE_CYCLES, AMD_CYCLES -> instructions;
            case REFERENCE_CYCLES -> ticks;
            default -> 0;
        };
    }
}
