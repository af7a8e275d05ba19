package dev.carafe.core.memory;

import static dev.carafe.core.memory.PagingControl.*;

import java.util.EnumSet;
import java.util.Set;

/**
 * The paging mode and its modifiers (SDM Vol. 3A, "Paging Modes and Control Bits").
 *
 * @param controls those that are on
 * @param physicalBits MAXPHYADDR, 32 to 52
 */
public record PagingContext(Set<PagingControl> controls, int physicalBits) {
    public PagingContext {
        if (physicalBits < 32 || physicalBits > 52) {
            throw new IllegalArgumentException(
                    "physical addresses of " + physicalBits + " bits, not 32 to 52");
        }
        controls = controls.isEmpty() ? Set.of() : EnumSet.copyOf(controls);
    }

    /** The state after reset: no paging. */
    public static PagingContext off(int physicalBits) {
        return new PagingContext(Set.of(), physicalBits);
    }

    boolean has(PagingControl control) {
        return controls.contains(control);
    }

    boolean paging() {
        return has(PAGING);
    }

    boolean longMode() {
        return has(LONG_MODE);
    }

    /**
     * Number of bits of a linear address that are translated; the ones above must repeat the
     * topmost in long mode.
     */
    int linearBits() {
        return !longMode() ? 32 : has(FIVE_LEVEL) ? 57 : 48;
    }

    boolean paePaging() {
        return paging() && has(PAE) && !longMode();
    }
}
