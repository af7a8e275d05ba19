package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.InterruptFrames;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.devices.apic.ApicBus;
import dev.carafe.devices.apic.ApicObserver;
import dev.carafe.devices.apic.ApicRegister;
import dev.carafe.devices.apic.InterruptMessage;
import dev.carafe.devices.apic.LocalApic;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Notices when a kernel uses its interrupt controllers in a way that cannot be meant, or that other
 * machines do not forgive, and says so once for each place in the code. It also puts interprocessor
 * interrupts into the black box of who sends them.
 *
 * <p>Called by vCPU threads, each for its own local APIC.
 */
public final class InterruptLint implements ApicObserver, InterruptFrames.Watcher {
    private static final int MOST_NOTES = 32;
    private static final int PAGE_SHIFT = 4; // of a register number to its offset
    private static final int XAPIC_ID_SHIFT = 24;
    private static final int XAPIC_UNUSED = 0xFF_FFFF;
    private static final int LOGICAL = 1 << 11;
    private static final int SHORTHAND = 3 << 18;
    private static final int MASKED = 1 << 16;
    private static final int FIRST_LEGAL_VECTOR = 16;
    private static final int GATE = 16;
    private static final long GATE_PRESENT = 1L << 47;
    private static final long NOWHERE = 0;

    private final Scene scene;
    private final ApicBus bus;
    private final boolean speaks;
    private final Consumer<Report> notes;
    private final Map<LocalApic, Cpu> cpus = new IdentityHashMap<>(); // complete in constructor
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final long[] countedMasked; // by CPU, its thread only: where, or NOWHERE
    private final boolean[] unmaskedLater; // likewise

    /**
     * @param speaks false to record only
     * @param notes hears each note
     */
    public InterruptLint(Scene scene, ApicBus bus, boolean speaks, Consumer<Report> notes) {
        this.scene = scene;
        this.bus = bus;
        this.speaks = speaks;
        this.notes = notes;
        for (Cpu cpu : scene.cpus()) {
            cpus.put((LocalApic) cpu.apic, cpu);
        }
        countedMasked = new long[cpus.size()];
        unmaskedLater = new boolean[cpus.size()];
    }

    /** Begins to listen; before the machine runs. */
    public void install() {
        bus.observe(this);
        if (speaks) {
            scene.cpus().forEach(cpu -> cpu.frames.watch(this));
        }
    }

    private void note(Cpu cpu, String code, String text, String section) {
        String place = scene.symbols().describeShort(cpu.rip);
        if (!speaks || said.size() >= MOST_NOTES || !said.add(code + " at " + place)) {
            return;
        }
        String headline =
                "note: CPU %d at %s: %s (SDM Vol. 3A, \"%s\")"
                        .formatted(cpu.index, scene.place(cpu.rip), text, section);
        Map<String, Object> facts = Map.of("rip", Text.hex(cpu.rip), "symbol", place);
        notes.accept(new Report("lint", code, cpu.index, headline, java.util.List.of(), facts));
    }

    // ---- the local APIC

    @Override
    public void localWrite(LocalApic apic, int register, long value, boolean x2apic) {
        Cpu cpu = cpus.get(apic);
        switch (register) {
            case ApicRegister.ICR -> command(cpu, apic, value, x2apic);
            case ApicRegister.EOI -> endOfInterrupt(cpu, apic);
            case ApicRegister.INITIAL_COUNT -> initialCount(cpu, apic, value);
            case ApicRegister.LVT_TIMER ->
                    unmaskedLater[cpu.index] =
                            countedMasked[cpu.index] != NOWHERE && (value & MASKED) == 0;
            default -> other(cpu, register);
        }
    }

    private void other(Cpu cpu, int register) {
        if (ApicRegister.exists(register) || register == ApicRegister.SELF_IPI) {
            return;
        }
        cpu.makeRipExact();
        note(
                cpu,
                "reserved-register",
                "writes the reserved register at offset "
                        + Text.hex((long) register << PAGE_SHIFT, 3)
                        + " of its local APIC",
                "Local APIC Register Address Map");
    }

    /** Before its first interrupt a kernel may send EOI to be sure, as xv6 and JOS do. */
    private void endOfInterrupt(Cpu cpu, LocalApic apic) {
        if (unmaskedLater[cpu.index]) {
            countBeforeEntry(cpu);
        }
        if (speaks && cpu.frames.everDelivered() && !apic.anyInService()) {
            cpu.makeRipExact();
            note(
                    cpu,
                    "eoi-without-interrupt",
                    "sends an EOI while no vector is in service",
                    "Signaling Interrupt Servicing Completion");
        }
    }

    private void countBeforeEntry(Cpu cpu) {
        cpu.makeRipExact();
        unmaskedLater[cpu.index] = false;
        note(
                cpu,
                "count-before-lvt",
                "the timer's initial count was written at "
                        + scene.place(countedMasked[cpu.index])
                        + " while its LVT entry was masked; some CPUs drop this: write the LVT entry"
                        + " first",
                "APIC Timer");
    }

    private void initialCount(Cpu cpu, LocalApic apic, long value) {
        boolean masked =
                (apic.read(ApicRegister.LVT_TIMER << PAGE_SHIFT, Integer.BYTES) & MASKED) != 0;
        unmaskedLater[cpu.index] = false;
        if (masked && value != 0) {
            cpu.makeRipExact();
            countedMasked[cpu.index] = cpu.rip;
        } else {
            countedMasked[cpu.index] = NOWHERE;
        }
    }

    // ---- interprocessor interrupts

    private void command(Cpu cpu, LocalApic apic, long value, boolean x2apic) {
        cpu.makeRipExact();
        long high =
                x2apic
                        ? value >>> Integer.SIZE
                        : apic.read(ApicRegister.ICR_HIGH << PAGE_SHIFT, Integer.BYTES);
        int low = (int) value;
        long destination = x2apic ? high : high >>> XAPIC_ID_SHIFT;
        cpu.rare.record(RareEvents.Kind.IPI, cpu.rip, Integer.toUnsignedLong(low), destination);
        if (!speaks || (low & SHORTHAND) != 0) {
            return;
        }
        boolean logical = (low & LOGICAL) != 0;
        String written =
                "writes "
                        + Text.hex(high << Integer.SIZE | low & 0xFFFF_FFFFL, 16)
                        + " to the ICR: ";
        boolean found = bus.hasDestination((int) destination, logical, x2apic);
        if (!x2apic && (high & XAPIC_UNUSED) != 0) {
            note(
                    cpu,
                    "icr-format",
                    written
                            + "destination "
                            + destination
                            + " in xAPIC format (bits 63:56), APIC id "
                            + high
                            + " was probably meant",
                    "Determining IPI Destination");
        } else if (!found) {
            boolean old = x2apic && !logical && (high & XAPIC_UNUSED) == 0;
            String probably =
                    old ? ", APIC id " + (high >>> XAPIC_ID_SHIFT) + " was probably meant" : "";
            note(
                    cpu,
                    old ? "icr-format" : "icr-destination",
                    written + "no CPU has APIC id " + destination + probably + "; the IPI is lost",
                    "Determining IPI Destination");
        } else {
            vector(cpu, low, (int) destination, logical);
        }
    }

    private void vector(Cpu cpu, int low, int destination, boolean logical) {
        int mode = low >> 8 & 7;
        int vector = low & 0xFF;
        boolean vectored =
                mode == InterruptMessage.FIXED || mode == InterruptMessage.LOWEST_PRIORITY;
        if (!vectored) {
            return;
        }
        if (vector < FIRST_LEGAL_VECTOR) {
            note(
                    cpu,
                    "illegal-vector",
                    "sends an IPI of vector " + Text.hex(vector, 2) + ", which is illegal",
                    "Valid Interrupt Vectors");
            return;
        }
        for (Map.Entry<LocalApic, Cpu> each : cpus.entrySet()) {
            if (!logical && each.getKey().apicId() == destination) {
                gate(cpu, each.getValue(), vector);
            }
        }
    }

    /** Reads the other's IDT through the sender's address space: kernels map it everywhere. */
    private void gate(Cpu sender, Cpu target, int vector) {
        if (!target.control.longMode()) {
            return;
        }
        int end = (vector + 1) * GATE - 1;
        long at = target.system.idtr.base() + (long) vector * GATE;
        OptionalLong gate = scene.read64(sender, at);
        boolean absent =
                end > target.system.idtr.limit()
                        || gate.isPresent() && (gate.getAsLong() & GATE_PRESENT) == 0;
        if (absent) {
            note(
                    sender,
                    "ipi-without-gate",
                    "sends vector %s to CPU %d, whose IDT has no gate for it (present=0)"
                            .formatted(Text.hex(vector, 2), target.index),
                    "IDT Descriptors");
        }
    }

    @Override
    public void returnsInService(Cpu cpu, int vector) {
        note(
                cpu,
                "missing-eoi",
                "the handler of vector %s returns without EOI: vectors up to %s are blocked on this CPU from now on"
                        .formatted(Text.hex(vector, 2), Text.hex(vector | 0xF, 2)),
                "Signaling Interrupt Servicing Completion");
    }

    // ---- the I/O APIC

    @Override
    public void redirectionWriting(int pin, long entry) {
        int mode = (int) (entry >> 8) & 7;
        int destination = (int) (entry >>> 56);
        boolean logical = (entry & LOGICAL) != 0;
        boolean bad =
                speaks
                        && (entry & MASKED) == 0
                        && (mode == InterruptMessage.FIXED
                                || mode == InterruptMessage.LOWEST_PRIORITY)
                        && !bus.hasDestination(destination, logical, false);
        Cpu cpu = scene.machine().caller().map(vcpu -> vcpu.cpu()).orElse(null);
        if (!bad || cpu == null) {
            return;
        }
        cpu.makeRipExact();
        note(
                cpu,
                "ioapic-destination",
                "I/O APIC pin %d → %s destination %d, but no CPU has that APIC id on this machine: the interrupt is lost"
                        .formatted(pin, logical ? "logical" : "physical", destination),
                "Determining IPI Destination");
    }
}
