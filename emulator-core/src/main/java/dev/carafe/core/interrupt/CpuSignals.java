package dev.carafe.core.interrupt;

/**
 * What an interrupt controller can do to one vCPU. Calls are lock-free, never block and may come
 * from any thread; the vCPU acts on them at its next instruction boundary, and wakes when it was
 * halted.
 */
public interface CpuSignals {
    /**
     * The INTR wire: asserted while the controller has a vector that {@code acknowledge} would
     * return.
     */
    void interrupt(boolean asserted);

    /** A non-maskable interrupt (edge). */
    void nmi();

    /** A system-management interrupt (edge). */
    void smi();

    /**
     * INIT: the vCPU resets itself and waits for SIPI (on the bootstrap processor: starts at the
     * reset vector).
     */
    void init();

    /**
     * Start-up IPI; ignored unless the vCPU waits for one.
     *
     * @param vector the page number of the start address, 0 to 255
     */
    void startup(int vector);
}
