package dev.carafe.core.isa;

import dev.carafe.core.cpu.Cpu;

/**
 * What executes one kind of record. Handlers have no state: one instance serves every vCPU of every
 * machine. An abstract class and not an interface, because a virtual call is the cheaper dispatch.
 */
public abstract class Handler {
    /** Returned instead of a record index: leave the page; {@code cpu.rip} says where to go on. */
    public static final int LEAVE = -1;

    /**
     * Executes the record at {@code pc}.
     *
     * @return the index of the record to execute next, or {@link #LEAVE}
     * @throws dev.carafe.core.fault.CpuFault with nothing changed
     */
    public abstract int exec(Cpu cpu, long[] code, int pc);
}
