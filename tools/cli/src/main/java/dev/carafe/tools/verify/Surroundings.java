package dev.carafe.tools.verify;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrRejected;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.core.memory.ExclusiveAccess;

/** What a processor without a machine finds around it: nothing. */
final class Surroundings {
    private Surroundings() {}

    /** Ports where nobody answers. */
    static final class NoPorts implements Bus {
        @Override
        public void attach(AddressRange range, BusDevice device) {}

        @Override
        public long read(long address, int size) {
            return -1;
        }

        @Override
        public void write(long address, int size, long value) {}
    }

    /** The only processor there is excludes nobody. */
    static final class Alone implements ExclusiveAccess {
        @Override
        public void enter() {}

        @Override
        public void exit() {}
    }

    /** A local APIC that is switched off. */
    static final class NoApic implements LocalInterruptController {
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
}
