package dev.carafe.core.interrupt;

/** One wire into an interrupt controller. Setting the level it has already changes nothing. */
@FunctionalInterface
public interface InterruptLine {
    /** A wire that leads nowhere. */
    InterruptLine UNCONNECTED = asserted -> {};

    void set(boolean asserted);
}
