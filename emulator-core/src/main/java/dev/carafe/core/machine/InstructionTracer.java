package dev.carafe.core.machine;

import dev.carafe.core.cpu.Cpu;

/**
 * Hears of every instruction that a machine's vCPUs execute, each on its own thread. While there is
 * one, instructions are executed one at a time, which is slow; without one nothing is asked.
 */
public interface InstructionTracer {
    /** The instruction at RIP comes next, unless an interrupt does. */
    void before(Cpu cpu);

    /**
     * It has been executed, or has raised an exception.
     *
     * @param executed false when an interrupt was taken instead
     */
    void after(Cpu cpu, boolean executed);
}
