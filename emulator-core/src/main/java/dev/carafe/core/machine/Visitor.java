package dev.carafe.core.machine;

import dev.carafe.core.cpu.Cpu;

/**
 * Looks at what one vCPU executes, on that vCPU's own thread. The vCPU counts as running meanwhile,
 * so a visit must be short; it sees what interpretation instruction by instruction shows, and a
 * pause of the machine may fall between any two.
 */
public interface Visitor {
    void visit(Cpu cpu, Steps steps);

    /** The vCPU goes on. */
    interface Steps {
        /** Executes one instruction or takes one interrupt; false when the visit must end. */
        boolean step();
    }
}
