package dev.carafe.devices.power;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Clock;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.AccessSize;
import dev.carafe.devices.SavedState;

/**
 * The ACPI fixed hardware at 600h: PM1a event and control block, PM timer (ACPI 6.5, "ACPI Hardware
 * Specification"; ICH9 data sheet, "Power Management I/O Registers").
 *
 * <pre>
 * 0 PM1_STS   2 PM1_EN   4 PM1_CNT   8 PM_TMR
 * </pre>
 *
 * <p>Suspend to RAM (SLP_TYP 1) stops the processors and leaves the devices as they are; firmware
 * waits for WAK_STS, which an enabled wake event sets.
 *
 * <p>Not modelled: bus-master and global-lock events.
 */
public final class AcpiPowerManagement implements BusDevice, Stateful<AcpiPowerManagement.State> {
    /** Frequency of the PM timer. */
    public static final long HERTZ = 3_579_545;

    private static final int STATE_VERSION = 2;
    private static final int STATUS = 0;
    private static final int ENABLE = 2;
    private static final int CONTROL = 4;
    private static final int TIMER = 8;
    private static final int SIZE = 12;
    private static final int TMR = 1 << 0;
    private static final int PWRBTN = 1 << 8;
    private static final int RTC = 1 << 10;
    private static final int WAK = 1 << 15;
    private static final int SUSPEND_TO_RAM = 1;
    private static final int STATUS_BITS = 0x8731; // WAK, RTC, SLPBTN, PWRBTN, GBL, BM, TMR
    private static final int ENABLE_BITS = 0x0721;
    private static final int SCI_EN = 1 << 0;
    private static final int CONTROL_BITS = 0x1C03; // SLP_TYP, BM_RLD, SCI_EN
    private static final int SLP_EN = 1 << 13;
    private static final int SOFT_OFF = 0;
    private static final int SUSPEND_TO_DISK = 2;
    private static final long TIMER_MASK = 0xFF_FFFF;
    private static final int TOGGLING_BIT = 23;

    private final Timers clock;
    private final Timer timer;
    private final InterruptLine sci;
    private final MachineControl machine;
    private final Runnable suspend;

    // All state below is guarded by this.
    private int status;
    private int enable;
    private int control;
    private boolean sleeping;
    private boolean alarm; // what the clock's interrupt line is at
    private long toggles; // of the timer's bit 23 that the status knows

    /**
     * @param suspend puts the processors to sleep; called without this device's lock
     */
    public AcpiPowerManagement(
            Timers timers, InterruptLine sci, MachineControl machine, Runnable suspend) {
        this.clock = timers;
        this.timer = timers.timer(this::expired);
        this.sci = sci;
        this.machine = machine;
        this.suspend = suspend;
    }

    /** Somebody pressed the power button. */
    public synchronized void pressPowerButton() {
        status |= PWRBTN;
        update();
    }

    /** The real-time clock's interrupt line, whose rise is a wake event. */
    public synchronized void clockInterrupt(boolean asserted) {
        if (asserted && !alarm) {
            status |= RTC;
            update();
        }
        alarm = asserted;
    }

    /** Sets SCI_EN, which only firmware does, through the APM control port. */
    synchronized void setSciEnabled(boolean enabled) {
        control = enabled ? control | SCI_EN : control & ~SCI_EN;
        update();
    }

    @Override
    public synchronized long read(int offset, int size) {
        long value = 0;
        noticeToggles();
        for (int i = 0; i < size; i++) {
            value |= readByte(offset + i) << (8 * i);
        }
        return value;
    }

    private long readByte(int offset) {
        int word =
                switch (offset & ~1) {
                    case STATUS -> status;
                    case ENABLE -> enable;
                    case CONTROL -> control;
                    default -> 0;
                };
        if (offset >= TIMER && offset < SIZE) {
            return AccessSize.extract(clock.ticks(HERTZ) & TIMER_MASK, offset - TIMER, 1);
        }
        return offset < 0 || offset >= SIZE ? 0xFF : word >> (8 * (offset & 1)) & 0xFF;
    }

    @Override
    public void write(int offset, int size, long value) {
        if (store(offset, size, value)) {
            suspend.run();
        }
    }

    /** Returns whether the write suspends the machine. */
    private synchronized boolean store(int offset, int size, long value) {
        noticeToggles();
        boolean sleep = false;
        for (int i = 0; i < size; i++) {
            sleep |= writeByte(offset + i, (int) (value >>> (8 * i)) & 0xFF);
        }
        update();
        int type = control >> 10 & 7;
        if (sleep && (type == SOFT_OFF || type == SUSPEND_TO_DISK)) {
            machine.powerOff();
        }
        boolean suspends = sleep && type == SUSPEND_TO_RAM;
        if (suspends) {
            sleeping = true;
            update(); // an event that has happened already wakes at once
        }
        return suspends;
    }

    /** Returns whether the byte sets SLP_EN. */
    private boolean writeByte(int offset, int value) {
        int shift = 8 * (offset & 1);
        int written = value << shift;
        int kept = ~(0xFF << shift);
        switch (offset & ~1) {
            case STATUS -> status &= ~written;
            case ENABLE -> enable = (enable & kept | written) & ENABLE_BITS;
            case CONTROL -> {
                int firmwares = control & SCI_EN; // ACPI: OSPM preserves it
                control = (control & kept | written) & CONTROL_BITS & ~SCI_EN | firmwares;
                return (written & SLP_EN) != 0;
            }
            default -> {} // the timer is read-only
        }
        return false;
    }

    /** Sets TMR_STS when bit 23 of the timer has changed since the last look. */
    private void noticeToggles() {
        long now = clock.ticks(HERTZ) >> TOGGLING_BIT;
        if (now != toggles) {
            status |= TMR;
            toggles = now;
        }
    }

    private void update() {
        if (sleeping && (status & enable & (PWRBTN | RTC)) != 0) {
            sleeping = false;
            status |= WAK;
        }
        sci.set((control & SCI_EN) != 0 && (status & enable & STATUS_BITS) != 0);
        if ((enable & TMR) != 0 && (status & TMR) == 0) {
            timer.arm(Clock.toNanos(toggles + 1 << TOGGLING_BIT, HERTZ));
        } else {
            timer.disarm();
        }
    }

    private synchronized void expired() {
        noticeToggles();
        update();
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, status, enable, control, sleeping, alarm, toggles);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "ACPI power management");
        status = state.status;
        enable = state.enable;
        control = state.control;
        sleeping = state.sleeping;
        alarm = state.alarm;
        toggles = state.toggles;
        update();
    }

    /** PM1 registers, sleep, the clock's line, and how often bit 23 of the timer had changed. */
    public record State(
            int version,
            int status,
            int enable,
            int control,
            boolean sleeping,
            boolean alarm,
            long toggles) {}
}
