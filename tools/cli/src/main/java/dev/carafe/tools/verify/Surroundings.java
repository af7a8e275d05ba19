package dev.carafe.tools.verify;

import dev.carafe.core.bus.AddressRange;
import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.BusDevice;
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
}
