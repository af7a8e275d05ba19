package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.Events;

/**
 * What happens between two instructions: events are taken, and a vCPU that has nothing to execute
 * says so.
 */
final class Boundary {
    private final Cpu cpu;

    Boundary(Cpu cpu) {
        this.cpu = cpu;
    }

    /**
     * Serves the event word. Returns why the run loop must come back, or null to go on executing.
     */
    StopReason serve() {
        do {
            int pending = cpu.events.pending();
            if ((pending & (Events.STOP | Events.DEBUGGER | Events.VISIT)) != 0) {
                return (pending & (Events.STOP | Events.VISIT)) != 0
                        ? StopReason.STOP_REQUESTED
                        : StopReason.DEBUGGER;
            }
        } while (EventDelivery.takePending(cpu));
        return switch (cpu.activity) {
            case RUNNING -> null;
            case SHUTDOWN -> StopReason.SHUTDOWN; // the delivery itself failed
            default -> StopReason.IDLE;
        };
    }
}
