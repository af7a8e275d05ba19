package dev.carafe.devices.apic;

import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.SavedState;

/**
 * Registers and state of a {@link LocalApic}, without its lock: the caller holds it in every method
 * except those that say otherwise. Nothing leaves the APIC from here but the lock-free signals to
 * its vCPU.
 */
final class ApicCore {
    /** What {@link #acknowledge} returns when the vector is the 8259's. */
    static final int EXT_INT = -2;

    static final long NOTHING_TO_SEND = -1; // no ICR value: bit 13 is reserved

    private static final int STATE_VERSION = 1;
    private static final int VERSION = 0x0005_0014;
    private static final int SVR_ENABLED = 1 << 8;
    private static final int LOWEST_LEGAL_VECTOR = 16;
    private static final int ESR_SEND_ILLEGAL_VECTOR = 1 << 5;
    private static final int ESR_RECEIVE_ILLEGAL_VECTOR = 1 << 6;
    private static final int ESR_ILLEGAL_REGISTER = 1 << 7;
    private static final int ICR_DELIVERY_STATUS = 1 << 12;
    private static final int SELF = 1 << 18; // destination shorthand
    private static final int SHORTHAND = 3 << 18;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final CpuSignals cpu;
    private final ApicAddressing addressing;
    private final PendingVectors pending = new PendingVectors();
    private final LocalVectorTable lvt = new LocalVectorTable();
    private final LocalPins pins;
    private final ApicTimer timer;
    private volatile int svr;
    private int esr;
    private int errors; // collected since the last write to ESR
    private long icr;
    private boolean extIntMessage;
    private boolean asserted;

    ApicCore(
            ApicIdentity identity,
            ApicClocks clocks,
            CpuSignals cpu,
            Timers timers,
            Runnable timerExpired) {
        this.cpu = cpu;
        this.addressing = new ApicAddressing(identity);
        this.pins = new LocalPins(lvt, cpu, this::acceptVector);
        this.timer = new ApicTimer(timers, clocks, timerExpired);
        reset();
    }

    /**
     * Moves the most urgent vector into service: a vector, {@link PendingVectors#NONE} or {@link
     * #EXT_INT}.
     */
    int acknowledge() {
        boolean extInt = extIntPending();
        int vector = extInt ? EXT_INT : pending.acknowledge(svr & 0xFF);
        if (extInt) {
            extIntMessage = false;
        }
        updateCpu();
        return vector;
    }

    /** CR8; needs no lock. */
    int taskPriority() {
        return pending.taskPriority() >> 4;
    }

    void setTaskPriority(int priority) {
        pending.setTaskPriority((priority & 0xF) << 4);
        updateCpu();
    }

    boolean inService(int vector) {
        return pending.inService(vector);
    }

    boolean anyInService() {
        return pending.anyInService();
    }

    long icr() {
        return icr;
    }

    long tscDeadline() {
        pollTimer();
        return timer.tscDeadline();
    }

    void setTscDeadline(long value) {
        pollTimer();
        timer.setTscDeadline(value);
        pollTimer();
    }

    void writeBase(long value) {
        boolean was = addressing.x2apicMode();
        if (addressing.writeBase(value)) {
            reset();
        }
        if (addressing.x2apicMode() && !was) {
            icr &= LOW_HALF; // SDM Vol. 3A, "x2APIC State Transitions": ICR2 is not carried over
        }
        updateCpu();
    }

    int read(int register) {
        return switch (register) {
            case ApicRegister.ID -> addressing.idRegister();
            case ApicRegister.VERSION -> VERSION;
            case ApicRegister.TPR -> pending.taskPriority();
            case ApicRegister.PPR -> pending.processorPriority();
            case ApicRegister.LDR -> addressing.ldr();
            case ApicRegister.DFR -> addressing.dfr();
            case ApicRegister.SVR -> svr;
            case ApicRegister.ESR -> esr;
            case ApicRegister.ICR -> (int) icr;
            case ApicRegister.ICR_HIGH -> (int) (icr >>> 32);
            case ApicRegister.INITIAL_COUNT -> timer.initialCount();
            case ApicRegister.CURRENT_COUNT -> {
                pollTimer();
                yield timer.currentCount();
            }
            case ApicRegister.DIVIDE_CONFIGURATION -> timer.divideConfiguration();
            case ApicRegister.EOI, ApicRegister.APR, ApicRegister.RRR -> 0;
            default -> readNumbered(register);
        };
    }

    private int readNumbered(int register) {
        if (!ApicRegister.exists(register)) {
            raiseError(ESR_ILLEGAL_REGISTER);
            return 0;
        }
        return register >= ApicRegister.LVT_TIMER
                ? lvt.get(register - ApicRegister.LVT_TIMER)
                : pending.word(register);
    }

    /**
     * Changes a register; returns what is to be sent once the lock is free: a vector for EOI, the
     * ICR for an IPI.
     */
    long write(int register, long value, boolean wide) {
        long toSend = change(register, value, wide);
        updateCpu();
        return toSend;
    }

    private long change(int register, long value, boolean wide) {
        int low = (int) value;
        switch (register) {
            case ApicRegister.ID -> addressing.setXapicId(low >>> 24);
            case ApicRegister.TPR -> pending.setTaskPriority(low & 0xFF);
            case ApicRegister.LDR -> addressing.setLdr(low);
            case ApicRegister.DFR -> addressing.setDfr(low);
            case ApicRegister.ESR -> {
                esr = errors;
                errors = 0;
            }
            case ApicRegister.ICR_HIGH -> icr = (icr & LOW_HALF) | value << 32;
            case ApicRegister.INITIAL_COUNT -> {
                pollTimer();
                timer.setInitialCount(low);
            }
            case ApicRegister.DIVIDE_CONFIGURATION -> {
                pollTimer();
                timer.setDivideConfiguration(low);
            }
            case ApicRegister.EOI -> {
                return endOfInterrupt();
            }
            case ApicRegister.SVR -> {
                return setSpurious(low);
            }
            case ApicRegister.ICR -> {
                icr = (wide ? value : (icr & ~LOW_HALF) | value) & ~ICR_DELIVERY_STATUS;
                return checkedCommand(icr);
            }
            case ApicRegister.SELF_IPI -> {
                return wide ? checkedCommand(SELF | low & 0xFF) : changeNumbered(register, low);
            }
            default -> changeNumbered(register, low);
        }
        return NOTHING_TO_SEND;
    }

    private long changeNumbered(int register, int value) {
        if (!ApicRegister.exists(register)) {
            raiseError(ESR_ILLEGAL_REGISTER);
        } else if (register >= ApicRegister.LVT_TIMER && register <= ApicRegister.LVT_ERROR) {
            int entry = register - ApicRegister.LVT_TIMER;
            if (entry == LocalVectorTable.TIMER) {
                pollTimer();
                timer.setMode((value >> 17) & 3);
            }
            lvt.set(entry, softwareEnabled() ? value : value | LocalVectorTable.MASKED);
            pins.deliverLevel();
        }
        return NOTHING_TO_SEND;
    }

    private long setSpurious(int value) {
        boolean was = softwareEnabled();
        svr = value & ApicRegister.SVR_DEFINED;
        if (!softwareEnabled()) {
            lvt.maskAll();
        }
        return softwareEnabled() && !was ? 0 : NOTHING_TO_SEND;
    }

    /**
     * The command if it must be sent; an illegal vector is an error, and a self-IPI is accepted
     * here at once.
     */
    private long checkedCommand(long command) {
        int mode = (int) (command >> 8) & 7;
        int vector = (int) command & 0xFF;
        boolean vectored =
                mode == InterruptMessage.FIXED || mode == InterruptMessage.LOWEST_PRIORITY;
        if (vectored && vector < LOWEST_LEGAL_VECTOR) {
            raiseError(ESR_SEND_ILLEGAL_VECTOR);
            return NOTHING_TO_SEND;
        }
        if (vectored && (command & SHORTHAND) == SELF) {
            if (softwareEnabled()) {
                acceptVector(vector, false);
            }
            return NOTHING_TO_SEND;
        }
        return command;
    }

    private long endOfInterrupt() {
        int vector = pending.end();
        if (vector == PendingVectors.NONE || !pending.level(vector)) {
            return NOTHING_TO_SEND;
        }
        pins.endOfInterrupt(vector);
        return vector;
    }

    void setLint0(boolean level) {
        pins.setLint0(level, addressing.enabled());
        updateCpu();
    }

    void setLint1(boolean level) {
        pins.setLint1(level, addressing.enabled());
        updateCpu();
    }

    boolean acceptFixed(int vector, boolean level) {
        if (!acceptsFixed()) {
            return false;
        }
        acceptVector(vector, level);
        updateCpu();
        return true;
    }

    void acceptExtInt() {
        extIntMessage = softwareEnabled();
        updateCpu();
    }

    private void acceptVector(int vector, boolean level) {
        if (vector < LOWEST_LEGAL_VECTOR) {
            raiseError(ESR_RECEIVE_ILLEGAL_VECTOR);
        } else {
            pending.request(vector, level);
        }
    }

    private void raiseError(int bit) {
        errors |= bit;
        if (!lvt.masked(LocalVectorTable.ERROR)) {
            int vector = lvt.vector(LocalVectorTable.ERROR);
            if (vector < LOWEST_LEGAL_VECTOR) {
                errors |= ESR_RECEIVE_ILLEGAL_VECTOR;
            } else {
                pending.request(vector, false);
                updateCpu();
            }
        }
    }

    /**
     * Takes an expiry whose call is still under way, so that the guest never sees a count of 0
     * without its interrupt.
     */
    void pollTimer() {
        if (timer.takeExpiry() && !lvt.masked(LocalVectorTable.TIMER)) {
            acceptVector(lvt.vector(LocalVectorTable.TIMER), false);
            updateCpu();
        }
    }

    /** Which destinations mean this APIC; needs no lock. */
    ApicAddressing addressing() {
        return addressing;
    }

    /** Whether fixed interrupts are taken; needs no lock. */
    boolean acceptsFixed() {
        return softwareEnabled() && addressing.enabled();
    }

    private boolean softwareEnabled() {
        return (svr & SVR_ENABLED) != 0;
    }

    private boolean extIntPending() {
        return extIntMessage || pins.extInt(addressing.enabled());
    }

    private void updateCpu() {
        boolean due = pending.deliverable() || extIntPending();
        if (due != asserted) {
            asserted = due;
            cpu.interrupt(due);
        }
    }

    void reset() {
        addressing.reset();
        pending.reset();
        lvt.reset();
        timer.reset();
        svr = 0xFF;
        esr = 0;
        errors = 0;
        icr = 0;
        extIntMessage = false;
        updateCpu();
    }

    LocalApic.State save() {
        ApicAddressing.State address = addressing.save();
        PendingVectors.State vectors = pending.save();
        return new LocalApic.State(
                STATE_VERSION,
                address.base(),
                address.xapicId(),
                address.ldr(),
                address.dfr(),
                vectors.taskPriority(),
                vectors.irr(),
                vectors.isr(),
                vectors.tmr(),
                lvt.save(),
                timer.save(),
                svr,
                esr,
                errors,
                icr,
                pins.lint0(),
                pins.lint1(),
                extIntMessage);
    }

    void restore(LocalApic.State state) {
        SavedState.requireVersion(STATE_VERSION, state.version(), "local APIC");
        addressing.restore(
                new ApicAddressing.State(state.base(), state.xapicId(), state.ldr(), state.dfr()));
        pending.restore(
                new PendingVectors.State(
                        state.taskPriority(), state.irr(), state.isr(), state.tmr()));
        lvt.restore(state.lvt());
        timer.restore(state.timer());
        svr = state.svr();
        esr = state.esr();
        errors = state.errors();
        icr = state.icr();
        pins.restore(state.lint0(), state.lint1());
        extIntMessage = state.extIntMessage();
        asserted = pending.deliverable() || extIntPending();
        cpu.interrupt(asserted);
    }
}
