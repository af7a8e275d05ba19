package dev.carafe.devices.apic;

import java.util.List;

/**
 * IRR, ISR, TMR and the priorities computed from them (SDM Vol. 3A, "Interrupt, Task, and Processor
 * Priority"). Guarded by the local APIC's lock, except that the task priority may be read without
 * it.
 */
final class PendingVectors {
    static final int NONE = -1;

    private final InterruptBits irr = new InterruptBits();
    private final InterruptBits isr = new InterruptBits();
    private final InterruptBits tmr = new InterruptBits();
    private volatile int taskPriority;

    void reset() {
        irr.clearAll();
        isr.clearAll();
        tmr.clearAll();
        taskPriority = 0;
    }

    int taskPriority() {
        return taskPriority;
    }

    void setTaskPriority(int value) {
        taskPriority = value;
    }

    int processorPriority() {
        int inService = Math.max(isr.highest(), 0);
        int priority = taskPriority;
        return priority >> 4 >= inService >> 4 ? priority : inService & 0xF0;
    }

    void request(int vector, boolean level) {
        tmr.put(vector, level);
        irr.set(vector);
    }

    boolean deliverable() {
        int vector = irr.highest();
        return vector >= 0 && vector >> 4 > processorPriority() >> 4;
    }

    /**
     * Moves the highest request into service; {@code spurious} when it is masked by now, {@link
     * #NONE} without one.
     */
    int acknowledge(int spurious) {
        int vector = irr.highest();
        if (vector < 0) {
            return NONE;
        }
        if (vector >> 4 <= processorPriority() >> 4) {
            return spurious;
        }
        irr.clear(vector);
        isr.set(vector);
        return vector;
    }

    /** Ends the highest interrupt in service and returns its vector, or {@link #NONE}. */
    int end() {
        int vector = isr.highest();
        if (vector >= 0) {
            isr.clear(vector);
        }
        return vector;
    }

    boolean inService(int vector) {
        return isr.get(vector);
    }

    boolean anyInService() {
        return isr.highest() >= 0;
    }

    boolean level(int vector) {
        return tmr.get(vector);
    }

    /** The 32 bits of register {@code register}, which is one of ISR, TMR or IRR. */
    int word(int register) {
        InterruptBits bits =
                switch (register >> 3) {
                    case ApicRegister.ISR >> 3 -> isr;
                    case ApicRegister.TMR >> 3 -> tmr;
                    default -> irr;
                };
        return bits.word(register & 7);
    }

    State save() {
        return new State(taskPriority, irr.save(), isr.save(), tmr.save());
    }

    void restore(State state) {
        taskPriority = state.taskPriority;
        irr.restore(state.irr);
        isr.restore(state.isr);
        tmr.restore(state.tmr);
    }

    record State(int taskPriority, List<Integer> irr, List<Integer> isr, List<Integer> tmr) {}
}
