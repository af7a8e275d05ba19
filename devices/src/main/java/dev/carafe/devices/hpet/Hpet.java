package dev.carafe.devices.hpet;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Clock;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.AccessSize;
import dev.carafe.devices.SavedState;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A high-precision event timer block at 100 MHz with three comparators and legacy replacement,
 * after the IA-PC HPET specification 1.0a. In legacy replacement mode comparators 0 and 1 take the
 * wires of IRQ 0 and 8 from the interval timer and the RTC; therefore those two reach their
 * interrupt controllers through {@link #intervalTimer} and {@link #rtc}.
 *
 * <p>Not modelled: FSB (MSI) delivery; the low pulse between edge-triggered interrupts is of no
 * length; periods below 10 microseconds raise at most one interrupt per 10 microseconds. Lock
 * order: interval timer or RTC, HPET, controllers.
 */
public final class Hpet implements BusDevice, Stateful<Hpet.State> {
    /** Frequency of the main counter. */
    public static final long HERTZ = 100_000_000;

    private static final int STATE_VERSION = 1;
    private static final int TIMERS = 3;
    private static final int PINS = 24;
    private static final int CAPABILITIES = 0x00;
    private static final int CONFIGURATION = 0x10;
    private static final int STATUS = 0x20;
    private static final int COUNTER = 0xF0;
    private static final int FIRST_TIMER = 0x100;
    private static final int TIMER_STRIDE = 0x20;
    private static final int COMPARATOR = 8;
    private static final long CAPABILITY_BITS = 0x0098_9680_8086_A201L;
    private static final long ENABLE = 1;
    private static final long LEGACY = 2;
    private static final long NANOS_PER_TICK = Clock.NANOS_PER_SECOND / HERTZ;
    private static final long SHORTEST_REARM_NANOS = 10_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Timers clock;
    private final InterruptLine[] legacyLines;
    private final InterruptLine[] pins = new InterruptLine[PINS];
    private final Timer[] wakeups = new Timer[TIMERS];

    // All state below is guarded by this.
    private final HpetTimer[] timers = {new HpetTimer(), new HpetTimer(), new HpetTimer()};
    private final long[] expiry = new long[TIMERS]; // nanoseconds at which the comparator matches
    private final boolean[] legacyInput =
            new boolean[2]; // levels of the interval timer and the RTC
    private long configuration;
    private long status;
    private long counter; // value when stopped, otherwise value at startedAt
    private long startedAt;

    /**
     * Makes a stopped block.
     *
     * @param irq0 wire of IRQ 0, to 8259 and I/O APIC
     * @param irq8 wire of IRQ 8, to 8259 and I/O APIC
     * @param ioApicPins the I/O APIC's pins, 0 to 23
     */
    public Hpet(
            Timers timers,
            InterruptLine irq0,
            InterruptLine irq8,
            IntFunction<InterruptLine> ioApicPins) {
        this.clock = timers;
        this.legacyLines = new InterruptLine[] {irq0, irq8};
        for (int i = 0; i < PINS; i++) {
            pins[i] = ioApicPins.apply(i);
        }
        for (int i = 0; i < TIMERS; i++) {
            int number = i;
            wakeups[i] = timers.timer(() -> expired(number));
        }
        Arrays.fill(expiry, NEVER);
    }

    /** Where the interval timer's wire goes; it reaches IRQ 0 except in legacy replacement mode. */
    public InterruptLine intervalTimer() {
        return asserted -> setLegacyInput(0, asserted);
    }

    /** Where the RTC's wire goes; it reaches IRQ 8 except in legacy replacement mode. */
    public InterruptLine rtc() {
        return asserted -> setLegacyInput(1, asserted);
    }

    private synchronized void setLegacyInput(int input, boolean asserted) {
        legacyInput[input] = asserted;
        if (!legacy()) {
            legacyLines[input].set(asserted);
        }
    }

    private boolean enabled() {
        return (configuration & ENABLE) != 0;
    }

    private boolean legacy() {
        return (configuration & LEGACY) != 0;
    }

    private long counter() {
        return enabled() ? counter + (clock.now() - startedAt) / NANOS_PER_TICK : counter;
    }

    @Override
    public synchronized long read(int offset, int size) {
        int first = offset & 7;
        if (offset < 0 || first + size > Long.BYTES) {
            return 0;
        }
        return AccessSize.extract(register(offset & ~7), first, size);
    }

    private long register(int offset) {
        HpetTimer timer = timerAt(offset);
        if (timer != null) {
            return switch (offset & (TIMER_STRIDE - 1)) {
                case 0 -> timer.configuration();
                case COMPARATOR -> timer.comparator();
                default -> 0;
            };
        }
        return switch (offset) {
            case CAPABILITIES -> CAPABILITY_BITS;
            case CONFIGURATION -> configuration;
            case STATUS -> status;
            case COUNTER -> counter();
            default -> 0;
        };
    }

    private HpetTimer timerAt(int offset) {
        int number = (offset - FIRST_TIMER) / TIMER_STRIDE;
        return offset >= FIRST_TIMER && number < TIMERS ? timers[number] : null;
    }

    @Override
    public synchronized void write(int offset, int size, long value) {
        int first = offset & 7;
        if (offset < 0 || size < Integer.BYTES || first + size > Long.BYTES) {
            return; // the specification asks for aligned 32- or 64-bit accesses
        }
        int register = offset & ~7;
        HpetTimer timer = timerAt(register);
        if (timer != null) {
            writeTimer(
                    (register - FIRST_TIMER) / TIMER_STRIDE, timer, register, first, size, value);
            return;
        }
        long merged = AccessSize.replace(register(register), first, size, value);
        switch (register) {
            case CONFIGURATION -> configure(merged & (ENABLE | LEGACY));
            case STATUS -> clearStatus(AccessSize.replace(0, first, size, value));
            case COUNTER -> {
                if (!enabled()) {
                    counter = merged;
                }
            }
            default -> {} // capabilities are read-only
        }
    }

    private void writeTimer(
            int number, HpetTimer timer, int register, int first, int size, long value) {
        settle(number);
        switch (register & (TIMER_STRIDE - 1)) {
            case 0 -> {
                release(number);
                timer.setConfiguration(
                        AccessSize.replace(timer.configuration(), first, size, value));
                if (!timer.has(HpetTimer.LEVEL)) {
                    status &= ~(1L << number);
                }
                if ((status & 1L << number) != 0 && timer.has(HpetTimer.ENABLED)) {
                    line(number).set(true);
                }
            }
            case COMPARATOR ->
                    timer.setComparator(
                            AccessSize.replace(timer.comparatorForWrite(), first, size, value));
            default -> {
                return; // FSB routing is not there
            }
        }
        arm(number);
    }

    private void configure(long value) {
        for (int i = 0; i < TIMERS; i++) {
            settle(i);
        }
        long now = counter();
        boolean legacyChanges = ((value ^ configuration) & LEGACY) != 0;
        if (legacyChanges) {
            release(0);
            release(1);
        }
        counter = now;
        startedAt = clock.now();
        configuration = value;
        if (legacyChanges) {
            legacyLines[0].set(!legacy() && legacyInput[0]);
            legacyLines[1].set(!legacy() && legacyInput[1]);
        }
        for (int i = 0; i < TIMERS; i++) {
            arm(i);
        }
    }

    private void clearStatus(long bits) {
        for (int i = 0; i < TIMERS; i++) {
            if ((status & bits & 1L << i) != 0) {
                status &= ~(1L << i);
                release(i);
            }
        }
    }

    /** The wire of a comparator, which never leads to a pin that its capabilities exclude. */
    private InterruptLine line(int number) {
        if (legacy() && number < legacyLines.length) {
            return legacyLines[number];
        }
        int route = timers[number].route();
        return timers[number].routable() ? pins[route] : InterruptLine.UNCONNECTED;
    }

    private void release(int number) {
        line(number).set(false);
    }

    private void arm(int number) {
        HpetTimer timer = timers[number];
        long distance = timer.ticksToMatch(counter());
        boolean far = distance < 0 || distance > (NEVER - clock.now()) / NANOS_PER_TICK;
        if (!enabled() || far || distance == 0) {
            expiry[number] = NEVER;
            wakeups[number].disarm();
            return;
        }
        long ticks = counter() - counter + distance; // since startedAt
        expiry[number] = startedAt + ticks * NANOS_PER_TICK;
        wakeups[number].arm(expiry[number]);
    }

    private synchronized void expired(int number) {
        settle(number);
    }

    /** Handles a match whose time has come, be it that its call is still under way. */
    private void settle(int number) {
        if (clock.now() < expiry[number]) {
            return;
        }
        HpetTimer timer = timers[number];
        if (timer.has(HpetTimer.LEVEL)) {
            status |= 1L << number;
        }
        if (timer.has(HpetTimer.ENABLED)) {
            if (!timer.has(HpetTimer.LEVEL)) {
                line(number).set(false); // the pulse that makes the next edge
            }
            line(number).set(true);
        }
        timer.advance(counter());
        expiry[number] = NEVER;
        if (timer.matchesAgain()) {
            arm(number);
            if (expiry[number] != NEVER) {
                wakeups[number].arm(
                        Math.max(expiry[number], clock.now() + minimum(expiry[number])));
            }
        }
    }

    private long minimum(long deadline) {
        return deadline - clock.now() < SHORTEST_REARM_NANOS ? SHORTEST_REARM_NANOS : 0;
    }

    @Override
    public synchronized State save() {
        return new State(
                STATE_VERSION,
                configuration,
                status,
                counter,
                startedAt,
                Arrays.stream(timers).map(HpetTimer::save).toList(),
                legacyInput[0],
                legacyInput[1]);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "HPET");
        for (int i = 0; i < TIMERS; i++) {
            release(i);
        }
        configuration = state.configuration;
        status = state.status;
        counter = state.counter;
        startedAt = state.startedAt;
        legacyInput[0] = state.intervalTimer;
        legacyInput[1] = state.rtc;
        for (int i = 0; i < TIMERS; i++) {
            timers[i].restore(state.timers.get(i));
            arm(i);
        }
        for (int i = 0; i < legacyLines.length; i++) {
            legacyLines[i].set(!legacy() && legacyInput[i]);
        }
        for (int i = 0; i < TIMERS; i++) {
            if ((status & 1L << i) != 0 && timers[i].has(HpetTimer.ENABLED)) {
                line(i).set(true);
            }
        }
    }

    /**
     * The whole state; the counter as it was at {@code startedAt} nanoseconds of the machine's
     * clock.
     */
    public record State(
            int version,
            long configuration,
            long status,
            long counter,
            long startedAt,
            List<HpetTimerState> timers,
            boolean intervalTimer,
            boolean rtc) {}
}
