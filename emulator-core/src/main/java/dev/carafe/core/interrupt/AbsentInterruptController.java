package dev.carafe.core.interrupt;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrRejected;

/**
 * What a processor without a local APIC has in its place: nothing is ever pending, no register
 * answers, and its MSRs are #GP(0). Made to be extended where a little more is wanted.
 */
public class AbsentInterruptController implements LocalInterruptController {
    /** All of them are alike. */
    public AbsentInterruptController() {}

    @Override
    public int acknowledge() {
        return NO_VECTOR;
    }

    @Override
    public int taskPriority() {
        return 0;
    }

    @Override
    public void setTaskPriority(int priority) {}

    @Override
    public BusDevice registers() {
        return null; // registersAt says that nothing answers
    }

    @Override
    public long registersAt() {
        return -1;
    }

    @Override
    public boolean globallyEnabled() {
        return false;
    }

    @Override
    public void init() {}

    @Override
    public long readMsr(int register) {
        throw MsrRejected.INSTANCE;
    }

    @Override
    public void writeMsr(int register, long value) {
        throw MsrRejected.INSTANCE;
    }
}
