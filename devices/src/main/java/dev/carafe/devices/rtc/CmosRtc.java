package dev.carafe.devices.rtc;

import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Clock;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The real-time clock with 128 bytes of CMOS memory at ports 70h and 71h, after the MC146818A data
 * sheet. It shows UTC.
 *
 * <p>Not modelled: daylight saving, the square-wave output, time bases other than 32.768 kHz; bit 7
 * of port 70h (NMI mask) is ignored.
 */
public final class CmosRtc implements ByteDevice, Stateful<CmosRtc.State> {
    /** Bytes of CMOS memory, the fourteen of the clock included. */
    public static final int SIZE = 128;

    private static final int STATE_VERSION = 1;
    private static final int INDEX = 0;
    private static final int DATA = 1;
    private static final int A = 0x0A;
    private static final int B = 0x0B;
    private static final int C = 0x0C;
    private static final int D = 0x0D;
    private static final int A_UPDATE_IN_PROGRESS = 0x80;
    private static final int A_DIVIDER = 0x70;
    private static final int A_DIVIDER_32KHZ = 0x20;
    private static final int A_RESET = 0x26;
    private static final int B_SET = 0x80;
    private static final int B_INTERRUPTS =
            0x70; // PIE, AIE, UIE; the flags of C have the same places
    private static final int B_RESET = 0x02;
    private static final int PERIODIC = 0x40;
    private static final int ALARM = 0x20;
    private static final int UPDATE = 0x10;
    private static final int C_REQUEST = 0x80;
    private static final int D_VALID = 0x80;
    private static final long CRYSTAL_HERTZ = 32_768;
    private static final long SECOND = Clock.NANOS_PER_SECOND;
    private static final long UPDATE_WARNING_NANOS =
            244_141; // UIP rises 244 microseconds before the update
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long MOST_ALARM_SECONDS = SECONDS_PER_DAY; // an alarm repeats daily

    private final Timers clock;
    private final Timer timer;
    private final InterruptLine irq;

    // All state below is guarded by this.
    private final byte[] cmos;
    private final ClockRegisters registers;
    private int index;
    private int flags; // register C without bit 7
    private long origin; // virtual time at which the divider chain was at zero; may be negative
    private long seconds; // updates since origin that the registers show
    private long periods; // periodic ticks since origin that the flags know

    /**
     * Makes a clock.
     *
     * @param start what the clock shows when the machine's clock is at zero
     * @param contents initial CMOS memory, at most 128 bytes; bytes 0 to 0Dh and the century are
     *     the clock's own
     */
    public CmosRtc(Timers timers, InterruptLine irq, Instant start, byte[] contents) {
        this.clock = timers;
        this.timer = timers.timer(this::expired);
        this.irq = irq;
        this.cmos = Arrays.copyOf(contents, SIZE);
        this.registers = new ClockRegisters(cmos);
        cmos[A] = A_RESET;
        cmos[B] = B_RESET;
        LocalDateTime now = LocalDateTime.ofInstant(start, ZoneOffset.UTC);
        registers.set(now);
        registers.setDayOfWeek(dayOfWeek(start));
        origin = timers.now() - now.getNano();
        periods = ticks();
    }

    /** Sunday is 1; what LocalDateTime asks for it is slow to come into being. */
    private static int dayOfWeek(Instant time) {
        long day = Math.floorDiv(time.getEpochSecond(), SECONDS_PER_DAY); // day 0 was a Thursday
        return Math.floorMod(day + 4, 7) + 1;
    }

    @Override
    public synchronized int readByte(int offset) {
        if (offset != DATA) {
            return NOTHING; // the index cannot be read back
        }
        catchUp();
        return switch (index) {
            case A -> cmos[A] & 0xFF | (updateInProgress() ? A_UPDATE_IN_PROGRESS : 0);
            case C -> {
                int value = flags | (requesting() ? C_REQUEST : 0);
                flags = 0;
                updateLine();
                yield value;
            }
            case D -> D_VALID;
            default -> cmos[index] & 0xFF;
        };
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        if (offset == INDEX) {
            index = value & (SIZE - 1);
        } else if (offset == DATA) {
            catchUp();
            writeData(value);
            updateLine();
        }
    }

    private void writeData(int value) {
        switch (index) {
            case A -> {
                boolean ran = dividerRuns();
                cmos[A] = (byte) (value & ~A_UPDATE_IN_PROGRESS);
                if (!ran && dividerRuns()) {
                    startDivider(
                            SECOND / 2); // the first update comes half a second after the divider
                    // reset
                }
                periods = ticks();
            }
            case B -> {
                boolean updated = updating();
                cmos[B] = (byte) ((value & B_SET) != 0 ? value & ~UPDATE : value); // SET clears UIE
                if (!updated && updating()) {
                    seconds = secondsSinceOrigin();
                }
            }
            case C, D -> {} // read-only
            default -> cmos[index] = (byte) value;
        }
    }

    private void startDivider(long phase) {
        origin = clock.now() - phase;
        seconds = 0;
    }

    private boolean dividerRuns() {
        return (cmos[A] & A_DIVIDER) == A_DIVIDER_32KHZ;
    }

    private boolean updating() {
        return dividerRuns() && (cmos[B] & B_SET) == 0;
    }

    private long secondsSinceOrigin() {
        return (clock.now() - origin) / SECOND;
    }

    /** Periodic ticks since origin; 0 when the rate selects none. */
    private long ticks() {
        long divider = periodDivider();
        return divider == 0 || !dividerRuns() ? 0 : crystalTicks() / divider;
    }

    private long crystalTicks() {
        return Clock.toTicks(clock.now() - origin, CRYSTAL_HERTZ);
    }

    /**
     * Crystal ticks per periodic interrupt (data sheet, "Periodic Interrupt Rate"); rates 1 and 2
     * are those of 8 and 9.
     */
    private long periodDivider() {
        int rate = cmos[A] & 0x0F;
        if (rate == 0) {
            return 0;
        }
        return 1L << (rate <= 2 ? rate + 6 : rate - 1);
    }

    private boolean updateInProgress() {
        return updating() && SECOND - (clock.now() - origin) % SECOND <= UPDATE_WARNING_NANOS;
    }

    /** Brings registers and flags to the present. */
    private void catchUp() {
        long tick = ticks();
        if (tick > periods) {
            flags |= PERIODIC;
        }
        periods = tick;
        long passed = secondsSinceOrigin() - seconds;
        if (!updating() || passed <= 0) {
            return;
        }
        seconds += passed;
        LocalDateTime before = registers.time();
        LocalDateTime now = before.plusSeconds(passed);
        flags |= UPDATE;
        for (long i = Math.max(0, passed - MOST_ALARM_SECONDS) + 1;
                i <= passed && (flags & ALARM) == 0;
                i++) {
            if (registers.alarmMatches(before.plusSeconds(i))) {
                flags |= ALARM;
            }
        }
        registers.set(now);
        registers.advanceDayOfWeek(
                ChronoUnit.DAYS.between(before.toLocalDate(), now.toLocalDate()));
    }

    private boolean requesting() {
        return (flags & cmos[B] & B_INTERRUPTS) != 0;
    }

    /**
     * Drives the wire; while it is high, nothing new can happen to it before register C is read.
     */
    private void updateLine() {
        boolean requesting = requesting();
        irq.set(requesting);
        int enabled = cmos[B] & B_INTERRUPTS;
        long next = Long.MAX_VALUE;
        if (!requesting && (enabled & (ALARM | UPDATE)) != 0 && updating()) {
            next = origin + (secondsSinceOrigin() + 1) * SECOND;
        }
        long divider = periodDivider();
        if (!requesting && (enabled & PERIODIC) != 0 && dividerRuns() && divider != 0) {
            next = Math.min(next, origin + Clock.toNanos((ticks() + 1) * divider, CRYSTAL_HERTZ));
        }
        if (next == Long.MAX_VALUE) {
            timer.disarm();
        } else {
            timer.arm(next);
        }
    }

    private synchronized void expired() {
        catchUp();
        updateLine();
    }

    @Override
    public synchronized State save() {
        return new State(
                STATE_VERSION,
                HexFormat.of().formatHex(cmos),
                index,
                flags,
                origin,
                seconds,
                periods);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "CMOS RTC");
        byte[] bytes = HexFormat.of().parseHex(state.cmos);
        System.arraycopy(bytes, 0, cmos, 0, SIZE);
        index = state.index;
        flags = state.flags;
        origin = state.origin;
        seconds = state.seconds;
        periods = state.periods;
        updateLine();
    }

    /**
     * The whole state; {@code cmos} in hexadecimal, times in nanoseconds of the machine's clock.
     */
    public record State(
            int version,
            String cmos,
            int index,
            int flags,
            long origin,
            long seconds,
            long periods) {}
}
