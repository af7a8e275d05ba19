package dev.carafe.tools.board;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Events;
import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.apic.LocalApic;
import dev.carafe.devices.pic.Pic8259Pair;
import dev.carafe.devices.pic.Pic8259State;
import dev.carafe.tools.report.Wakeups;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Every way on which an interrupt could still reach a processor of this board: its local APIC's
 * timer, the I/O APIC's pins and the 8259 pair's inputs, as far as something drives them. What is
 * not known for certain counts as a way.
 */
final class InterruptPaths implements Wakeups {
    private static final int TIMER = 0;
    private static final int LINT0 = 3;
    private static final int MASKED = 1 << 16;
    private static final int SOFTWARE_ENABLED = 1 << 8;
    private static final int MODE_SHIFT = 8;
    private static final int MODE = 7;
    private static final int FIXED = 0;
    private static final int LOWEST = 1;
    private static final int EXT_INT = 7;
    private static final int CASCADE = 1 << 2;
    private static final int SERIAL_PINS = 1 << 3 | 1 << 4;
    private static final int KEYBOARD_PINS = 1 << 1 | 1 << 12;
    private static final int WORD = 32;
    private static final int CLASS = 4;

    private final List<LocalApic> localApics;
    private final IoApic ioApic;
    private final Pic8259Pair pic;
    private final IntSupplier deadlines;
    private final BooleanSupplier typing;

    /**
     * @param deadlines how many deadlines of all devices are armed
     * @param typing whether a serial port may still interrupt: somebody may send bytes, or has
     */
    InterruptPaths(
            List<LocalApic> localApics,
            IoApic ioApic,
            Pic8259Pair pic,
            IntSupplier deadlines,
            BooleanSupplier typing) {
        this.localApics = localApics;
        this.ioApic = ioApic;
        this.pic = pic;
        this.deadlines = deadlines;
        this.typing = typing;
    }

    @Override
    public boolean possible(Cpu cpu) {
        int pending = cpu.events.pendingVolatile();
        int urgent = Events.INIT | Events.SIPI | Events.SMI | Events.RELEASED | Events.DEBUG_TRAP;
        urgent |= cpu.nmiBlocked ? 0 : Events.NMI;
        boolean maskable = cpu.interruptsEnabled();
        if ((pending & urgent) != 0 || maskable && (pending & Events.INTERRUPT) != 0) {
            return true;
        }
        if (cpu.monitor.waiting()) {
            return true; // MWAIT ends by itself
        }
        LocalApic.State apic = localApics.get(cpu.index).save();
        int drivenPins = drivenPins();
        return throughIoApic(apic, drivenPins, maskable)
                || maskable && (byTimer(apic) || throughPic(apic, drivenPins));
    }

    private static boolean byTimer(LocalApic.State apic) {
        int entry = apic.lvt().get(TIMER);
        return apic.timer().expiry() != Long.MAX_VALUE
                && (entry & MASKED) == 0
                && accepts(apic, entry & 0xFF);
    }

    /** Whether a vector would interrupt: its class is above what is in service. */
    private static boolean accepts(LocalApic.State apic, int vector) {
        int service = highest(apic.isr());
        int priority = Math.max(apic.taskPriority() >> CLASS, Math.max(service, 0) >> CLASS);
        return (apic.svr() & SOFTWARE_ENABLED) != 0 && vector >> CLASS > priority;
    }

    private static int highest(List<Integer> words) {
        for (int i = words.size() - 1; i >= 0; i--) {
            if (words.get(i) != 0) {
                return i * WORD + WORD - 1 - Integer.numberOfLeadingZeros(words.get(i));
            }
        }
        return -1;
    }

    /** Inputs that a device or a person could still assert. */
    private int drivenPins() {
        int armed = deadlines.getAsInt();
        for (LocalApic apic : localApics) {
            armed -= apic.save().timer().expiry() == Long.MAX_VALUE ? 0 : 1;
        }
        int pins = armed > 0 ? -1 & ~SERIAL_PINS & ~KEYBOARD_PINS : 0;
        return pins | (typing.getAsBoolean() ? SERIAL_PINS : 0);
    }

    private boolean throughIoApic(LocalApic.State apic, int driven, boolean maskable) {
        IoApic.State state = ioApic.save();
        for (int pin = 0; pin < IoApic.PINS; pin++) {
            long entry = state.table().get(pin);
            int mode = (int) entry >> MODE_SHIFT & MODE;
            boolean vectored = mode == FIXED || mode == LOWEST;
            boolean reaches =
                    vectored
                            ? maskable && accepts(apic, (int) entry & 0xFF)
                            : maskable || mode != EXT_INT;
            if ((driven >> pin & 1) != 0 && (entry & MASKED) == 0 && reaches) {
                return true;
            }
        }
        return false;
    }

    private boolean throughPic(LocalApic.State apic, int driven) {
        int entry = apic.lvt().get(LINT0);
        boolean open = (entry & MASKED) == 0 && (entry >> MODE_SHIFT & MODE) == EXT_INT;
        boolean wired = (apic.svr() & SOFTWARE_ENABLED) == 0 || open;
        Pic8259Pair.State state = pic.save();
        return wired
                && apic.base() != 0
                && (inputs(state.master(), driven & 0xFF & ~CASCADE)
                        || (state.master().imr() & CASCADE) == 0
                                && inputs(state.slave(), driven >> 8 & 0xFF));
    }

    /**
     * Whether one of the driven inputs is open; what is in service may block it, or not for long.
     */
    private static boolean inputs(Pic8259State chip, int driven) {
        return (driven & ~chip.imr()) != 0 && chip.isr() == 0;
    }

    @Override
    public boolean timerMasked(Cpu cpu) {
        LocalApic.State apic = localApics.get(cpu.index).save();
        return apic.timer().initialCount() != 0 && (apic.lvt().get(TIMER) & MASKED) != 0;
    }

    @Override
    public int blockedBy(Cpu cpu) {
        LocalApic.State apic = localApics.get(cpu.index).save();
        int due = highest(apic.irr());
        int service = highest(apic.isr());
        return due >= 0 && service >= 0 && due >> CLASS <= service >> CLASS ? service : -1;
    }
}
