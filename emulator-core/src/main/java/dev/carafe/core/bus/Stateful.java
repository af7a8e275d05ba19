package dev.carafe.core.bus;

/**
 * A part whose whole guest-visible state can be taken out and put back, for snapshots and
 * deterministic forks.
 *
 * @param <S> an immutable record of the state, whose first component is {@code int version}
 */
public interface Stateful<S extends Record> {
    S save();

    /**
     * Continues from a saved state.
     *
     * @throws IllegalArgumentException when the state's version is not one this part can read
     */
    void restore(S state);
}
