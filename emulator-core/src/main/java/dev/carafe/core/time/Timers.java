package dev.carafe.core.time;

/** The machine's queue of deadlines on its {@link Clock}. */
public interface Timers extends Clock {
    /**
     * Makes a timer.
     *
     * @param expiry called once per arming, not before the deadline, with no lock held; it may come
     *     late, and it may still come after {@link Timer#disarm} when both happen at once, so a
     *     device checks its own deadline in it
     */
    Timer timer(Runnable expiry);
}
