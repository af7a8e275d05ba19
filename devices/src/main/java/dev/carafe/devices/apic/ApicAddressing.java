package dev.carafe.devices.apic;

import dev.carafe.core.bus.MsrRejected;

/**
 * IA32_APIC_BASE, the IDs, and which destinations mean this local APIC (SDM Vol. 3A, "Local APIC
 * Status and Location", "Determining IPI Destination"). Written under the local APIC's lock; read
 * by the APIC bus without it.
 */
final class ApicAddressing {
    private static final long DEFAULT_BASE = 0xFEE0_0000L;
    private static final long BOOTSTRAP = 1 << 8;
    private static final long EXTENDED = 1 << 10;
    private static final long ENABLED = 1 << 11;
    private static final long MODE = ENABLED | EXTENDED;
    private static final long ALWAYS_RESERVED = 0x2FF;
    private static final int FLAT_MODEL = 0xF;

    private final int apicId;
    private final int x2apicLdr;
    private final long reserved;
    private volatile long base;
    private volatile int xapicId;
    private volatile int ldr;
    private volatile int dfr;

    ApicAddressing(ApicIdentity identity) {
        apicId = identity.apicId();
        x2apicLdr = (apicId >> 4) << 16 | 1 << (apicId & 15);
        long beyondPhysical = -(1L << identity.physicalAddressBits());
        reserved = beyondPhysical | ALWAYS_RESERVED | (identity.x2apic() ? 0 : EXTENDED);
        base = DEFAULT_BASE | ENABLED | (identity.bootstrap() ? BOOTSTRAP : 0);
        xapicId = apicId & 0xFF;
        reset();
    }

    /** Resets the logical addresses; INIT keeps the ID and the mode. */
    void reset() {
        ldr = 0;
        dfr = -1;
    }

    long base() {
        return base;
    }

    /**
     * Writes IA32_APIC_BASE.
     *
     * @return whether the APIC was globally disabled by it
     * @throws MsrRejected for reserved bits and for transitions that do not exist
     */
    boolean writeBase(long value) {
        long from = base & MODE;
        long to = value & MODE;
        boolean noSuchTransition =
                to == EXTENDED || (from == MODE && to == ENABLED) || (from == 0 && to == MODE);
        if (noSuchTransition || (value & reserved) != 0) {
            throw MsrRejected.INSTANCE;
        }
        base = value;
        boolean disabled = from != 0 && to == 0;
        if (disabled) {
            xapicId = apicId & 0xFF;
        }
        return disabled;
    }

    boolean enabled() {
        return (base & ENABLED) != 0;
    }

    boolean x2apicMode() {
        return (base & MODE) == MODE;
    }

    /** Where the register page lies, or -1 while there is none. */
    long registersAt() {
        long now = base;
        return (now & MODE) == ENABLED ? now & ~0xFFFL : -1;
    }

    int idRegister() {
        return x2apicMode() ? apicId : xapicId << 24;
    }

    int xapicId() {
        return xapicId;
    }

    void setXapicId(int id) {
        xapicId = id;
    }

    int ldr() {
        return x2apicMode() ? x2apicLdr : ldr;
    }

    void setLdr(int value) {
        ldr = value & 0xFF00_0000;
    }

    int dfr() {
        return dfr;
    }

    void setDfr(int value) {
        dfr = value | 0x0FFF_FFFF;
    }

    /**
     * Whether a physical destination means this APIC; {@code wide} is the 32-bit form of x2APIC
     * mode.
     */
    boolean matchesPhysical(int destination, boolean wide) {
        return destination == (wide ? -1 : 0xFF)
                || destination == (x2apicMode() ? apicId : xapicId);
    }

    /** Whether a logical destination means this APIC. */
    boolean matchesLogical(int destination, boolean wide) {
        if (wide && destination == -1) {
            return true;
        }
        if (x2apicMode()) {
            return destination >>> 16 == x2apicLdr >>> 16
                    && (destination & x2apicLdr & 0xFFFF) != 0;
        }
        if (destination >>> 8 != 0) {
            return false;
        }
        int logicalId = ldr >>> 24;
        int model = dfr >>> 28;
        if (model == FLAT_MODEL) {
            return (destination & logicalId) != 0;
        }
        int cluster = destination >> 4;
        return model == 0
                && (cluster == 0xF || cluster == logicalId >> 4)
                && (destination & logicalId & 0xF) != 0;
    }

    State save() {
        return new State(base, xapicId, ldr, dfr);
    }

    void restore(State state) {
        base = state.base;
        xapicId = state.xapicId;
        ldr = state.ldr;
        dfr = state.dfr;
    }

    record State(long base, int xapicId, int ldr, int dfr) {}
}
