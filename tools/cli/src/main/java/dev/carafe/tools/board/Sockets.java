package dev.carafe.tools.board;

import dev.carafe.core.bus.Bus;
import dev.carafe.core.bus.GuestMemory;
import dev.carafe.core.interrupt.CpuSignals;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Timers;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The core's end of the board's wires: where devices are plugged in.
 *
 * @param ports the I/O port space
 * @param memory the physical address space outside RAM
 * @param ram RAM, for devices that transfer on their own
 * @param timers the machine's clock and its deadlines
 * @param processors the wires into each vCPU, the bootstrap processor first
 * @param tscOffset what a vCPU's time-stamp counter is ahead of the clock, by its number
 * @param a20 hears whether address line 20 is open
 */
record Sockets(
        Bus ports,
        Bus memory,
        GuestMemory ram,
        Timers timers,
        List<CpuSignals> processors,
        IntToLongFunction tscOffset,
        InterruptLine a20) {
    Sockets {
        processors = List.copyOf(processors);
    }
}
