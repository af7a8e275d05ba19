package dev.carafe.core.memory;

/**
 * The machine-wide section in which one vCPU runs and all others stand at an instruction boundary:
 * the atomicity of locked accesses that the host cannot do in one piece (SDM Vol. 3A, "Bus
 * Locking").
 */
public interface ExclusiveAccess {
    /**
     * Returns once every other vCPU has stopped. Called by a vCPU's thread inside an instruction.
     */
    void enter();

    /** Lets the others go on. */
    void exit();
}
