package dev.carafe.core.time;

/** One deadline. Any thread may call; the calls never block on the expiry of a timer. */
public interface Timer {
    /** Sets the deadline, replacing an earlier one. A deadline that has passed expires at once. */
    void arm(long deadlineNanos);

    void disarm();
}
