package dev.carafe.devices.apic;

import java.util.Arrays;

/**
 * What carries messages between I/O APICs, MSIs and local APICs (SDM Vol. 3A, "Local and I/O
 * APICs", "Determining IPI Destination"). It has no lock: the topology is replaced as a whole, and
 * destinations are matched on volatile registers.
 *
 * <p>Lowest-priority messages go to the matching, software-enabled local APICs in turn; task
 * priorities are not compared, as on processors since the Xeon's system bus, where the chip set
 * decides.
 */
public final class ApicBus {
    private static final int LARGEST_DIRECT_ID = 0xFE;
    private static final int ICR_LEVEL = 1 << 15;
    private static final int ICR_ASSERT = 1 << 14;
    private static final int ICR_LOGICAL = 1 << 11;
    private static final int TO_SELF = 1;
    private static final int TO_ALL = 2;
    private static final int TO_OTHERS = 3;

    private volatile LocalApic[] localApics = {}; // replaced under this
    private volatile IoApic[] ioApics = {}; // replaced under this
    private volatile LocalApic[] byId = {}; // replaced under this
    private volatile boolean direct = true; // every APIC has its initial ID, at most FEh
    private volatile ApicObserver observer = ApicObserver.NONE;
    private volatile int turn; // a lost update only repeats a turn

    /** Makes a bus without APICs. */
    public ApicBus() {}

    /** Who hears what the guest does; before it runs. */
    public void observe(ApicObserver hears) {
        observer = hears;
    }

    ApicObserver observer() {
        return observer;
    }

    /** Whether any local APIC is meant by a destination; nothing is sent. */
    public boolean hasDestination(int destination, boolean logical, boolean wide) {
        for (LocalApic apic : localApics) {
            if (matches(apic, destination, logical, wide)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a local APIC. */
    public synchronized void attach(LocalApic apic) {
        LocalApic[] more = Arrays.copyOf(localApics, localApics.length + 1);
        more[more.length - 1] = apic;
        if (apic.apicId() > LARGEST_DIRECT_ID) {
            direct = false;
        } else {
            LocalApic[] table = Arrays.copyOf(byId, Math.max(byId.length, apic.apicId() + 1));
            table[apic.apicId()] = apic;
            byId = table;
        }
        localApics = more;
    }

    /** Adds an I/O APIC, which hears every EOI broadcast. */
    public synchronized void attach(IoApic ioApic) {
        IoApic[] more = Arrays.copyOf(ioApics, ioApics.length + 1);
        more[more.length - 1] = ioApic;
        ioApics = more;
    }

    /** Delivers a message from an I/O APIC or an MSI; says whether any local APIC accepted it. */
    public boolean deliver(InterruptMessage message) {
        return deliver(
                message.mode(),
                message.vector(),
                message.level(),
                message.destination(),
                message.logical(),
                false);
    }

    /** A local APIC's ID register is no longer what it was born with. */
    void idChanged(LocalApic apic, int xapicId) {
        if (xapicId != apic.apicId()) {
            direct = false;
        }
    }

    /** Sends what a local APIC's ICR says. The caller holds no lock. */
    void sendInterprocessor(LocalApic sender, long icr, boolean wide) {
        int command = (int) icr;
        int mode = (command >> 8) & 7;
        int vector = command & 0xFF;
        if (mode == InterruptMessage.INIT && (command & (ICR_LEVEL | ICR_ASSERT)) == ICR_LEVEL) {
            return; // INIT level de-assert: only synchronised arbitration IDs on the Pentium
        }
        switch ((command >> 18) & 3) {
            case TO_SELF -> sender.accept(mode, vector, false);
            case TO_ALL -> broadcast(mode, vector, null);
            case TO_OTHERS -> broadcast(mode, vector, sender);
            default -> {
                int destination = (int) (wide ? icr >>> 32 : icr >>> 56);
                deliver(mode, vector, false, destination, (command & ICR_LOGICAL) != 0, wide);
            }
        }
    }

    /** A level-triggered interrupt was finished. The caller holds no lock. */
    void endOfInterrupt(int vector) {
        for (IoApic ioApic : ioApics) {
            ioApic.endOfInterrupt(vector);
        }
    }

    /**
     * A local APIC was enabled: level interrupts that nobody accepted are sent again. The caller
     * holds no lock.
     */
    void resendLevelInterrupts() {
        for (IoApic ioApic : ioApics) {
            ioApic.resend();
        }
    }

    private boolean deliver(
            int mode, int vector, boolean level, int destination, boolean logical, boolean wide) {
        if (mode == InterruptMessage.LOWEST_PRIORITY) {
            return deliverToOne(vector, level, destination, logical, wide, null);
        }
        if (!logical && direct && destination >= 0 && destination <= LARGEST_DIRECT_ID) {
            LocalApic[] table = byId;
            LocalApic apic = destination < table.length ? table[destination] : null;
            return apic != null && apic.accept(mode, vector, level);
        }
        boolean accepted = false;
        for (LocalApic apic : localApics) {
            if (matches(apic, destination, logical, wide)) {
                accepted |= apic.accept(mode, vector, level);
            }
        }
        return accepted;
    }

    private void broadcast(int mode, int vector, LocalApic except) {
        if (mode == InterruptMessage.LOWEST_PRIORITY) {
            deliverToOne(vector, false, -1, false, true, except);
            return;
        }
        for (LocalApic apic : localApics) {
            if (apic != except) {
                apic.accept(mode, vector, false);
            }
        }
    }

    private boolean deliverToOne(
            int vector,
            boolean level,
            int destination,
            boolean logical,
            boolean wide,
            LocalApic except) {
        LocalApic[] apics = localApics;
        int start = turn;
        for (int i = 0; i < apics.length; i++) {
            int index = (start + i) % apics.length;
            LocalApic apic = apics[index];
            if (apic != except
                    && apic.acceptsFixed()
                    && matches(apic, destination, logical, wide)
                    && apic.accept(InterruptMessage.LOWEST_PRIORITY, vector, level)) {
                turn = index + 1;
                return true;
            }
        }
        return false;
    }

    private static boolean matches(LocalApic apic, int destination, boolean logical, boolean wide) {
        return logical
                ? apic.addressing().matchesLogical(destination, wide)
                : apic.addressing().matchesPhysical(destination, wide);
    }
}
