package dev.carafe.tools.report;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.core.cpu.TripleFault;
import dev.carafe.core.fault.ExceptionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Goes once more through what a processor does to deliver an event (SDM Vol. 3A, "Exception and
 * Interrupt Handling in 64-bit Mode" and "Exception or Interrupt Handling"), on paper, and says
 * where it cannot go on.
 *
 * <p>Not modelled: task gates, and the stack limits of 32-bit segments.
 */
final class DeliveryReplay {
    private static final int GATE_64 = 16;
    private static final int GATE_32 = 8;
    private static final int VECTOR_REAL = 4;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_IST1 = 36;
    private static final int RESET_LIMIT = 0xFFFF;
    private static final int FRAME = 40;
    private static final long ALIGNMENT = 15;
    private static final long ACCESSED = 1L << 40;

    private final Scene scene;
    private final Cpu cpu;
    private final SelectorCheck selectors;
    private final List<String> facts = new ArrayList<>();

    DeliveryReplay(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
        selectors = new SelectorCheck(scene, cpu);
    }

    /** Lines about the tables and walks that the last {@link #why} met. */
    List<String> facts() {
        return facts;
    }

    /**
     * Why a vector cannot be delivered.
     *
     * @param raised what the attempt raised, for what this replay does not know
     */
    Finding why(int vector, TripleFault.Event raised) {
        facts.clear();
        Finding found =
                cpu.control.longMode()
                        ? inLongMode(vector)
                        : cpu.control.protectedMode()
                                ? inProtectedMode(vector)
                                : inRealMode(vector);
        if (raised != null
                && isPush(raised)
                && (found == null || !found.code().contains("stack"))) {
            return notMapped(
                    "stack-not-mapped",
                    "the frame does not fit at RSP = " + Text.hex(Scene.stackPointer(cpu)),
                    raised.address(),
                    true);
        }
        if (found != null) {
            return found;
        }
        return Finding.of(
                "delivery-failed", "delivering vector " + name(vector) + " raised " + raised, "");
    }

    /** Whether what was raised is a #PF of a push to the present stack. */
    private boolean isPush(TripleFault.Event raised) {
        long below = Scene.stackPointer(cpu) - raised.address();
        return raised.vector() == ExceptionVector.PAGE_FAULT && below > 0 && below <= FRAME + 24;
    }

    private static String name(int vector) {
        return vector < 32 ? ExceptionVector.name(vector) : Text.hex(vector);
    }

    // ---- the table

    /** Null when the IDT has an entry for the vector. */
    private Finding limit(int vector, int entry) {
        TableRegister idtr = cpu.system.idtr;
        int needed = (vector + 1) * entry - 1;
        boolean fresh = idtr.base() == 0 && idtr.limit() == RESET_LIMIT;
        if (fresh && entry != VECTOR_REAL && cpu.rare.last(RareEvents.Kind.IDTR) == null) {
            return Finding.of(
                    "idt-limit",
                    "IDTR was never loaded on this CPU (base 0 and limit 0xffff, as after reset)",
                    "Execute LIDT on every CPU before anything can fault.");
        }
        if (needed <= idtr.limit()) {
            return null;
        }
        boolean loaded = cpu.rare.last(RareEvents.Kind.IDTR) != null;
        String never = loaded ? "" : " (never loaded on this CPU)";
        String hint =
                cpu.index == 0 || loaded
                        ? "Load an IDT with LIDT before anything can fault."
                        : "Execute LIDT on every CPU: an AP does not inherit the BSP's IDTR.";
        String text =
                idtr.limit() == 0
                        ? "IDTR limit is 0" + never
                        : "IDTR limit %s has no entry for %s, which ends at %s%s"
                                .formatted(
                                        Text.hex(idtr.limit()),
                                        name(vector),
                                        Text.hex(needed),
                                        never);
        return Finding.of("idt-limit", text, hint);
    }

    private Finding notMapped(String code, String what, long address, boolean write) {
        PageWalk walk = new PageWalk(scene, cpu, address);
        facts.addAll(walk.lines());
        Finding why = walk.why(write, false, false);
        String reason = why.text().isEmpty() ? "" : ": " + why.text();
        return Finding.of(code, what + reason, why.hint());
    }

    private Finding inRealMode(int vector) {
        return limit(vector, VECTOR_REAL);
    }

    private Finding inProtectedMode(int vector) {
        Finding beyond = limit(vector, GATE_32);
        if (beyond != null) {
            return beyond;
        }
        long at = cpu.system.idtr.base() + (long) vector * GATE_32;
        OptionalLong gate = scene.read64(cpu, at);
        if (gate.isEmpty()) {
            return notMapped(
                    "idt-not-mapped", "the IDT at " + Text.hex(at) + " is not mapped", at, false);
        }
        Finding bad = gate(vector, gate.getAsLong(), false);
        return bad != null
                ? bad
                : selectors.asHandlerCode(Descriptor.gateSelector(gate.getAsLong()));
    }

    private Finding inLongMode(int vector) {
        Finding beyond = limit(vector, GATE_64);
        if (beyond != null) {
            return beyond;
        }
        long at = cpu.system.idtr.base() + (long) vector * GATE_64;
        OptionalLong low = scene.read64(cpu, at);
        OptionalLong high = scene.read64(cpu, at + 8);
        if (low.isEmpty() || high.isEmpty()) {
            return notMapped(
                    "idt-not-mapped",
                    "the IDT entry for " + name(vector) + " at " + Text.hex(at) + " is not mapped",
                    at,
                    false);
        }
        long gate = low.getAsLong();
        long target = Descriptor.gateOffset(gate) | high.getAsLong() << 32;
        facts.add(
                "IDT entry %s at %s: selector %s, handler %s, attributes %s, IST %d"
                        .formatted(
                                name(vector),
                                Text.hex(at),
                                Text.hex(Descriptor.gateSelector(gate)),
                                scene.place(target),
                                Text.hex(gate >>> 40 & 0xFF),
                                gate >>> 32 & 7));
        Finding bad = gate(vector, gate, true);
        if (bad == null) {
            bad = selectors.asHandlerCode(Descriptor.gateSelector(gate));
        }
        if (bad != null) {
            return bad;
        }
        Finding stack = stack(vector, gate);
        if (stack != null) {
            return stack;
        }
        if (!cpu.control.canonical(target)) {
            return Finding.of(
                    "handler-non-canonical",
                    "the handler's address " + Text.hex(target) + " is not canonical",
                    "");
        }
        return accessed(Descriptor.gateSelector(gate));
    }

    private static Finding gate(int vector, long gate, boolean wide) {
        int attributes = Descriptor.attributes(gate);
        int type = Descriptor.type(attributes);
        String entry = "IDT gate " + name(vector);
        if (gate == 0) {
            return Finding.of(
                    "gate-empty",
                    entry + " is empty (present=0)",
                    "Install a gate for " + name(vector) + " before it can be raised.");
        }
        boolean known =
                type == Descriptor.INTERRUPT_GATE
                        || type == Descriptor.TRAP_GATE
                        || !wide
                                && (type == Descriptor.TASK_GATE
                                        || type == Descriptor.INTERRUPT_GATE16
                                        || type == Descriptor.TRAP_GATE16);
        if (!Descriptor.isSystem(attributes) || !known) {
            return Finding.of(
                    "gate-type",
                    entry + " has type " + type + ", which is neither interrupt nor trap gate",
                    "");
        }
        return Descriptor.present(attributes)
                ? null
                : Finding.of("gate-not-present", entry + " is not present (present=0)", "");
    }

    // ---- the stack

    private Finding stack(int vector, long gate) {
        int ist = (int) (gate >>> 32) & 7;
        int privilege = privilegeOf(Descriptor.gateSelector(gate));
        long pointer = Scene.stackPointer(cpu);
        String source = "RSP";
        if (ist != 0 || privilege < cpu.cpl) {
            int offset = ist != 0 ? TSS_IST1 + (ist - 1) * 8 : TSS_RSP0 + privilege * 8;
            source = ist != 0 ? "IST" + ist : "RSP" + privilege + " of the TSS";
            Finding bad = task(offset, source);
            if (bad != null) {
                return bad;
            }
            pointer = scene.read64(cpu, cpu.system.tr.base() + offset).getAsLong();
        }
        int size = FRAME + (ExceptionVector.hasErrorCode(vector) && vector < 32 ? 8 : 0);
        long top = pointer & ~ALIGNMENT;
        if (!cpu.control.canonical(top - 1) || !cpu.control.canonical(top - size)) {
            return Finding.of(
                    source.equals("RSP") ? "rsp-non-canonical" : "tss-stack-non-canonical",
                    source + " = " + Text.hex(pointer) + " is not canonical",
                    "");
        }
        return writable(source, pointer, top, size);
    }

    private Finding writable(String source, long pointer, long top, int size) {
        for (long at : new long[] {top - 8, top - size}) {
            PageWalk walk = new PageWalk(scene, cpu, at);
            Finding why = walk.why(true, false, false);
            if (!why.text().isEmpty()) {
                facts.addAll(walk.lines());
                boolean own = source.equals("RSP");
                String hint =
                        own
                                ? "Give #PF and #DF stacks of their own (IST), and look for a stack"
                                        + " overflow or a wild RSP."
                                : "Let the TSS of this CPU point at a mapped, writable stack.";
                return Finding.of(
                        own ? "stack-not-mapped" : "tss-stack-not-mapped",
                        "the frame does not fit at "
                                + source
                                + " = "
                                + Text.hex(pointer)
                                + ": "
                                + why.text(),
                        hint);
            }
        }
        return null;
    }

    private Finding task(int offset, String source) {
        SystemSegment tr = cpu.system.tr;
        if (cpu.rare.last(RareEvents.Kind.TASK_REGISTER) == null && tr.base() == 0) {
            return Finding.of(
                    "tr-not-loaded",
                    source + " is needed, but TR was never loaded on this CPU",
                    "Execute LTR with a TSS of its own on every CPU.");
        }
        if (!tr.contains(offset, 8)) {
            return Finding.of(
                    "tss-limit",
                    "the TSS limit " + Text.hex(tr.limit()) + " does not reach " + source,
                    "");
        }
        long at = tr.base() + offset;
        return scene.read64(cpu, at).isPresent()
                ? null
                : notMapped(
                        "tss-not-mapped",
                        "the TSS at " + Text.hex(tr.base()) + " is not mapped",
                        at,
                        false);
    }

    private int privilegeOf(int selector) {
        long raw = selectors.descriptor(selector).orElse(0);
        int attributes = Descriptor.attributes(raw);
        return Descriptor.isConforming(attributes) ? cpu.cpl : Descriptor.dpl(attributes);
    }

    /** Loading CS sets the descriptor's accessed flag, which must be possible. */
    private Finding accessed(int selector) {
        long raw = selectors.descriptor(selector).orElse(ACCESSED);
        long at = selectors.address(selector);
        if ((raw & ACCESSED) != 0 || !cpu.control.cr0(ControlBits.CR0_WP)) {
            return null;
        }
        PageWalk walk = new PageWalk(scene, cpu, at);
        Finding why = walk.why(true, false, false);
        if (why.text().isEmpty()) {
            return null;
        }
        facts.addAll(walk.lines());
        return Finding.of(
                "gdt-read-only",
                "the GDT lies in a read-only page, and loading selector "
                        + Text.hex(selector)
                        + " sets the Accessed bit: "
                        + why.text(),
                "Set the Accessed bits beforehand, or map the GDT writable.");
    }
}
