package dev.carafe.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** SDM Vol. 3A, "INIT", "MP Initialization Protocol Algorithm"; what matters is who came first. */
class EventsTest {
    private final Events events = new Events();

    @Test
    void anInitTakesBackAStartUpThatTheProcessorHasNotSeenYet() {
        events.startup(0x08);
        events.init();

        assertEquals(Events.INIT, events.pending(), "it was sent to the processor's former life");
    }

    @Test
    void aStartUpBehindTheInitIsKept() {
        events.init();
        events.startup(0x08);

        assertEquals(Events.INIT | Events.SIPI, events.pending());
        assertEquals(0x08, events.startupVector());
    }

    @Test
    void anInitTakesBackTheNonmaskableInterruptsBeforeIt() {
        events.nmi();
        events.nmi();
        events.init();

        assertEquals(Events.INIT, events.pending(), "in real mode there is nobody to take them");
    }

    @Test
    void anInitLeavesOtherEventsAlone() {
        events.interrupt(true);
        events.raise(Events.STOP);
        events.init();

        assertEquals(Events.INTERRUPT | Events.STOP | Events.INIT, events.pending());
    }

    @Test
    void startUpAndInitAreTakenTogether() {
        events.init();
        events.startup(0x08);

        assertEquals(Events.INIT | Events.SIPI, events.clear(Events.INIT | Events.SIPI));
        assertEquals(0, events.pending());
    }
}
