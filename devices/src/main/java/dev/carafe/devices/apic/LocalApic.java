package dev.carafe.devices.apic;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.AccessSize;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A local APIC in xAPIC and x2APIC mode, after the SDM Vol. 3A, "Advanced Programmable Interrupt
 * Controller (APIC)".
 *
 * <p>Lock order: device, I/O APIC, local APIC, then the lock-free {@link CpuSignals}. This class
 * computes under its own lock and sends what leaves it (IPIs, EOI broadcasts, INTA cycles) after
 * the lock is free; so no thread ever holds two local APICs.
 *
 * <p>Not modelled: CMCI, directed EOI (SVR bit 12), focus processors, arbitration priority (APR
 * reads 0), remote reads, bus errors other than illegal vectors and illegal registers, thermal and
 * performance-counter interrupts.
 */
public final class LocalApic
        implements LocalInterruptController, BusDevice, Stateful<LocalApic.State> {
    private static final int IA32_APIC_BASE = 0x1B;
    private static final int IA32_TSC_DEADLINE = 0x6E0;
    private static final int X2APIC_FIRST = 0x800;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final int apicId;
    private final CpuSignals cpu;
    private final ApicBus bus;
    private final IntSupplier interruptAcknowledge;
    private final ApicCore core; // guarded by this, except where it says that it needs no lock

    /**
     * Makes a local APIC in its reset state. The board attaches it to {@code bus}.
     *
     * @param interruptAcknowledge the INTA cycle of the 8259 pair
     */
    public LocalApic(
            ApicIdentity identity,
            ApicClocks clocks,
            CpuSignals cpu,
            ApicBus bus,
            Timers timers,
            IntSupplier interruptAcknowledge) {
        this.apicId = identity.apicId();
        this.cpu = cpu;
        this.bus = bus;
        this.interruptAcknowledge = interruptAcknowledge;
        this.core = new ApicCore(identity, clocks, cpu, timers, this::timerExpired);
    }

    /** The x2APIC ID. */
    public int apicId() {
        return apicId;
    }

    /** The wire at LINT0: the 8259 pair's INTR output. */
    public InterruptLine lint0() {
        return this::setLint0;
    }

    /** The wire at LINT1: the board's NMI. */
    public InterruptLine lint1() {
        return this::setLint1;
    }

    private synchronized void setLint0(boolean level) {
        core.setLint0(level);
    }

    private synchronized void setLint1(boolean level) {
        core.setLint1(level);
    }

    @Override
    public int acknowledge() {
        int vector;
        synchronized (this) {
            vector = core.acknowledge();
        }
        if (vector == ApicCore.EXT_INT) {
            return interruptAcknowledge.getAsInt()
                    & 0xFF; // takes the 8259's lock, which comes before ours
        }
        return vector == PendingVectors.NONE ? NO_VECTOR : vector;
    }

    @Override
    public int taskPriority() {
        return core.taskPriority();
    }

    @Override
    public synchronized void setTaskPriority(int priority) {
        core.setTaskPriority(priority);
    }

    @Override
    public synchronized boolean inService(int vector) {
        return core.inService(vector);
    }

    /** Whether any vector is in service: an EOI has something to end. */
    public synchronized boolean anyInService() {
        return core.anyInService();
    }

    @Override
    public BusDevice registers() {
        return this;
    }

    @Override
    public long registersAt() {
        return core.addressing().registersAt();
    }

    @Override
    public boolean globallyEnabled() {
        return core.addressing().enabled();
    }

    @Override
    public synchronized void init() {
        core.reset();
    }

    /**
     * Reads within one register's 32 bits; the SDM leaves other accesses undefined, here they read
     * 0.
     */
    @Override
    public long read(int offset, int size) {
        int first = offset & 0xF;
        boolean within = first + size <= Integer.BYTES || (first == 0 && size == Long.BYTES);
        return within ? AccessSize.extract(readRegister((offset >> 4) & 0xFF), first, size) : 0;
    }

    @Override
    public void write(int offset, int size, long value) {
        if ((offset & 0xF) == 0 && size >= Integer.BYTES) {
            writeRegister((offset >> 4) & 0xFF, value & LOW_HALF);
        }
    }

    @Override
    public long readMsr(int register) {
        int index = register - X2APIC_FIRST;
        if (register == IA32_APIC_BASE) {
            return core.addressing().base();
        } else if (register == IA32_TSC_DEADLINE) {
            synchronized (this) {
                return core.tscDeadline();
            }
        } else if (!core.addressing().x2apicMode() || !ApicRegister.readableMsr(index)) {
            throw MsrRejected.INSTANCE;
        } else if (index == ApicRegister.ICR) {
            synchronized (this) {
                return core.icr();
            }
        }
        return readRegister(index);
    }

    @Override
    public void writeMsr(int register, long value) {
        int index = register - X2APIC_FIRST;
        if (register == IA32_APIC_BASE) {
            synchronized (this) {
                core.writeBase(value);
            }
        } else if (register == IA32_TSC_DEADLINE) {
            synchronized (this) {
                core.setTscDeadline(value);
            }
        } else if (core.addressing().x2apicMode() && ApicRegister.writableMsr(index, value)) {
            writeRegister(index, value);
        } else {
            throw MsrRejected.INSTANCE;
        }
    }

    private synchronized long readRegister(int register) {
        return core.read(register) & LOW_HALF;
    }

    private void writeRegister(int register, long value) {
        boolean wide;
        long toSend;
        bus.observer().localWrite(this, register, value, core.addressing().x2apicMode());
        synchronized (this) {
            wide = core.addressing().x2apicMode();
            toSend = core.write(register, value, wide);
            if (register == ApicRegister.ID) {
                bus.idChanged(this, core.addressing().xapicId());
            }
        }
        if (toSend != ApicCore.NOTHING_TO_SEND) {
            switch (register) {
                case ApicRegister.EOI -> bus.endOfInterrupt((int) toSend);
                case ApicRegister.SVR -> bus.resendLevelInterrupts();
                default -> bus.sendInterprocessor(this, toSend, wide);
            }
        }
    }

    /** Takes a message from the APIC bus that matches this APIC; says whether it was accepted. */
    boolean accept(int mode, int vector, boolean level) {
        if (!globallyEnabled()) {
            return false;
        }
        switch (mode) {
            case InterruptMessage.FIXED, InterruptMessage.LOWEST_PRIORITY -> {
                return acceptFixed(vector, level);
            }
            case InterruptMessage.SMI -> cpu.smi();
            case InterruptMessage.NMI -> cpu.nmi();
            case InterruptMessage.INIT -> cpu.init();
            case InterruptMessage.STARTUP -> cpu.startup(vector);
            case InterruptMessage.EXT_INT -> acceptExtInt();
            default -> {} // remote read and the reserved mode
        }
        return true;
    }

    private synchronized boolean acceptFixed(int vector, boolean level) {
        return core.acceptFixed(vector, level);
    }

    private synchronized void acceptExtInt() {
        core.acceptExtInt();
    }

    private synchronized void timerExpired() {
        core.pollTimer();
    }

    /** Which destinations mean this APIC; asked by the APIC bus without the lock. */
    ApicAddressing addressing() {
        return core.addressing();
    }

    /** Whether fixed interrupts are taken; asked by the APIC bus without the lock. */
    boolean acceptsFixed() {
        return core.acceptsFixed();
    }

    @Override
    public synchronized State save() {
        return core.save();
    }

    @Override
    public synchronized void restore(State state) {
        core.restore(state);
        bus.idChanged(this, state.xapicId);
    }

    /**
     * The whole state, by the manual's register names; {@code errors} is ESR before its next write.
     */
    public record State(
            int version,
            long base,
            int xapicId,
            int ldr,
            int dfr,
            int taskPriority,
            List<Integer> irr,
            List<Integer> isr,
            List<Integer> tmr,
            List<Integer> lvt,
            ApicTimerState timer,
            int svr,
            int esr,
            int errors,
            long icr,
            boolean lint0,
            boolean lint1,
            boolean extIntMessage) {}
}
