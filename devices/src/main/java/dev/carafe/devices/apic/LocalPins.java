package dev.carafe.devices.apic;

import dev.carafe.core.interrupt.CpuSignals;

/** LINT0 and LINT1 (SDM Vol. 3A, "Local Vector Table"). Guarded by the local APIC's lock. */
final class LocalPins {
    /** Where a pin's fixed interrupt goes. */
    @FunctionalInterface
    interface VectorSink {
        void accept(int vector, boolean level);
    }

    private static final int LINT0 = LocalVectorTable.LINT0;
    private static final int LINT1 = LocalVectorTable.LINT1;

    private final LocalVectorTable lvt;
    private final CpuSignals cpu;
    private final VectorSink sink;
    private boolean lint0;
    private boolean lint1;

    LocalPins(LocalVectorTable lvt, CpuSignals cpu, VectorSink sink) {
        this.lvt = lvt;
        this.cpu = cpu;
        this.sink = sink;
    }

    /** A new level at LINT0; while the APIC is disabled the pin is INTR. */
    void setLint0(boolean level, boolean apicEnabled) {
        boolean rising = level && !lint0;
        lint0 = level;
        if (rising && apicEnabled) {
            risingEdge(LINT0);
        }
    }

    /** A new level at LINT1; while the APIC is disabled the pin is NMI. */
    void setLint1(boolean level, boolean apicEnabled) {
        boolean rising = level && !lint1;
        lint1 = level;
        if (rising && apicEnabled) {
            risingEdge(LINT1);
        } else if (rising) {
            cpu.nmi();
        }
    }

    /**
     * LINT1 is edge-triggered whatever its trigger bit says; an ExtINT follows the level of LINT0.
     */
    private void risingEdge(int entry) {
        if (lvt.masked(entry)) {
            return;
        }
        switch (lvt.mode(entry)) {
            case InterruptMessage.FIXED -> {
                if (entry == LINT0 && lvt.has(entry, LocalVectorTable.LEVEL)) {
                    deliverLevel();
                } else {
                    sink.accept(lvt.vector(entry), false);
                }
            }
            case InterruptMessage.SMI -> cpu.smi();
            case InterruptMessage.NMI -> cpu.nmi();
            case InterruptMessage.INIT -> cpu.init();
            default -> {} // ExtINT, or reserved
        }
    }

    /** Requests a level-triggered fixed interrupt of LINT0 if one is due. */
    void deliverLevel() {
        boolean due =
                lint0
                        && !lvt.masked(LINT0)
                        && lvt.mode(LINT0) == InterruptMessage.FIXED
                        && lvt.has(LINT0, LocalVectorTable.LEVEL)
                        && !lvt.has(LINT0, LocalVectorTable.REMOTE_IRR);
        if (due) {
            lvt.setRemoteIrr(LINT0, true);
            sink.accept(lvt.vector(LINT0), true);
        }
    }

    void endOfInterrupt(int vector) {
        if (lvt.has(LINT0, LocalVectorTable.REMOTE_IRR) && lvt.vector(LINT0) == vector) {
            lvt.setRemoteIrr(LINT0, false);
            deliverLevel();
        }
    }

    /** Whether LINT0 carries an interrupt of the 8259 to the processor. */
    boolean extInt(boolean apicEnabled) {
        return lint0
                && (!apicEnabled
                        || (!lvt.masked(LINT0) && lvt.mode(LINT0) == InterruptMessage.EXT_INT));
    }

    boolean lint0() {
        return lint0;
    }

    boolean lint1() {
        return lint1;
    }

    void restore(boolean savedLint0, boolean savedLint1) {
        lint0 = savedLint0;
        lint1 = savedLint1;
    }
}
