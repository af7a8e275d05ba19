package dev.carafe.devices.pit;

import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Clock;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.util.ArrayList;
import java.util.List;

/**
 * An 8254 programmable interval timer at 1.193182 MHz, after its data sheet: modes 0 to 5, binary
 * and BCD, counter latch and read-back. Counter 0 drives an interrupt wire; the gate of counter 2
 * is port 61h's.
 *
 * <p>Not modelled: the one-clock delay between writing a count and loading it; the frozen count of
 * modes 2 and 3 while GATE is low (it reads as reloaded); in mode 3 a new count takes effect at the
 * end of the period instead of the half period; the low strobes of modes 2, 4 and 5 reach the wire
 * as one falling and rising edge at their end; periods below 10 microseconds raise at most one
 * interrupt per 10 microseconds.
 */
public final class Pit8254 implements ByteDevice, Stateful<Pit8254.State> {
    /** Input clock of the counters. */
    public static final long HERTZ = 1_193_182;

    private static final int STATE_VERSION = 1;
    private static final int COUNTERS = 3;
    private static final int CONTROL = 3;
    private static final int SPEAKER = 2;
    private static final int READ_BACK = 3;
    private static final int NO_COUNT = 0x20;
    private static final int NO_STATUS = 0x10;
    private static final long SHORTEST_REARM_NANOS = 10_000;

    private final Timers clock;
    private final Timer timer;
    private final InterruptLine irq;

    // All state below is guarded by this.
    private final PitCounter[] counters = {
        new PitCounter(true), new PitCounter(true), new PitCounter(false)
    };
    private long seen; // clock up to which the wire has been driven

    public Pit8254(Timers timers, InterruptLine irq) {
        this.clock = timers;
        this.irq = irq;
        this.timer = timers.timer(this::expired);
    }

    private long ticks() {
        return clock.ticks(HERTZ);
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset >= 0 && offset < COUNTERS ? counters[offset].readCount(ticks()) : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int value) {
        long now = ticks();
        if (offset >= 0 && offset < COUNTERS) {
            drive(now);
            counters[offset].writeCount(value, now);
        } else if (offset == CONTROL && value >> 6 == READ_BACK) {
            readBack(value, now);
            return;
        } else if (offset == CONTROL) {
            drive(now);
            counters[value >> 6].writeControl(value, now);
        }
        if (offset == 0 || (offset == CONTROL && value >> 6 == 0)) {
            setLevel(now);
            arm(now);
        }
    }

    private void readBack(int value, long now) {
        for (int i = 0; i < COUNTERS; i++) {
            if ((value & 2 << i) != 0) {
                if ((value & NO_COUNT) == 0) {
                    counters[i].latchCount(now);
                }
                if ((value & NO_STATUS) == 0) {
                    counters[i].latchStatus(now);
                }
            }
        }
    }

    /** The gate of counter 2. */
    synchronized void setSpeakerGate(boolean level) {
        counters[SPEAKER].setGate(level, ticks());
    }

    synchronized boolean speakerGate() {
        return counters[SPEAKER].gate();
    }

    /** OUT of counter 2. */
    synchronized boolean speakerOut() {
        return counters[SPEAKER].out(ticks());
    }

    private synchronized void expired() {
        long now = ticks();
        drive(now);
        arm(now);
    }

    private void drive(long now) {
        if (counters[0].rose(seen, now)) {
            irq.set(false);
            irq.set(true);
        }
        seen = now;
        if (counters[0].running()) {
            setLevel(now);
        }
    }

    /** Strobes are edges only: in modes 2, 4 and 5 the wire rests high. */
    private void setLevel(long now) {
        boolean strobe = counters[0].mode() == 2 || counters[0].mode() >= 4;
        irq.set(strobe || counters[0].out(now));
    }

    private void arm(long now) {
        long change = counters[0].nextChange(now);
        if (change == PitCounter.NEVER) {
            timer.disarm();
        } else {
            timer.arm(Math.max(Clock.toNanos(change, HERTZ), clock.now() + minimum(change - now)));
        }
    }

    private static long minimum(long ticks) {
        return ticks < 12 ? SHORTEST_REARM_NANOS : 0;
    }

    @Override
    public synchronized State save() {
        List<PitCounterState> states = new ArrayList<>(COUNTERS);
        for (PitCounter counter : counters) {
            states.add(counter.save());
        }
        return new State(STATE_VERSION, List.copyOf(states), seen);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "8254");
        for (int i = 0; i < COUNTERS; i++) {
            counters[i].restore(state.counters.get(i));
        }
        seen = state.seen;
        if (counters[0].running()) {
            setLevel(ticks());
        } else {
            irq.set(false);
        }
        arm(ticks());
    }

    /** The three counters, and the input clock up to which the wire has been driven. */
    public record State(int version, List<PitCounterState> counters, long seen) {}
}
