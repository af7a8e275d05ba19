package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Descriptor;
import dev.carafe.core.cpu.TableRegister;
import java.util.OptionalLong;

/** What a selector names, and what is wrong with it. */
final class SelectorCheck {
    private static final int LOCAL = 4;
    private static final int ENTRY = 8;

    private final Scene scene;
    private final Cpu cpu;

    SelectorCheck(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
    }

    /** Why a selector cannot become CS of a handler; null when it can. */
    Finding asHandlerCode(int selector) {
        Finding bad = readable(selector);
        if (bad != null) {
            return bad;
        }
        long raw = descriptor(selector).getAsLong();
        int attributes = Descriptor.attributes(raw);
        if (raw == 0) {
            return broken(selector, "is empty");
        }
        if (!Descriptor.isCode(attributes)) {
            return broken(selector, "is no code segment");
        }
        boolean code64 = (attributes & (Descriptor.LONG | Descriptor.BIG)) == Descriptor.LONG;
        if (cpu.control.longMode() && !code64) {
            return broken(selector, "is no 64-bit code segment (L=0)");
        }
        if (Descriptor.dpl(attributes) > cpu.cpl) {
            return broken(
                    selector,
                    "has DPL "
                            + Descriptor.dpl(attributes)
                            + ", less privileged than the interrupted code");
        }
        return Descriptor.present(attributes) ? null : broken(selector, "not present");
    }

    /** What is wrong with a selector that a segment register was to be loaded with. */
    Finding asSegment(int selector) {
        Finding bad = readable(selector);
        if (bad != null) {
            return bad;
        }
        long raw = descriptor(selector).getAsLong();
        int attributes = Descriptor.attributes(raw);
        if (raw == 0) {
            return broken(selector, "is empty");
        }
        if (!Descriptor.present(attributes)) {
            return broken(selector, "not present");
        }
        if (Descriptor.isSystem(attributes)) {
            return broken(
                    selector, "is a system descriptor of type " + Descriptor.type(attributes));
        }
        return broken(
                selector,
                "is a "
                        + (Descriptor.isCode(attributes) ? "code" : "data")
                        + " segment of DPL "
                        + Descriptor.dpl(attributes)
                        + ", which does not fit here");
    }

    /** Null when there is a descriptor to read. */
    private Finding readable(int selector) {
        if (Descriptor.isNull(selector)) {
            return Finding.of("null-selector", "selector " + Text.hex(selector) + " is null", "");
        }
        int offset = selector & 0xFFF8;
        TableRegister gdtr = cpu.system.gdtr;
        if ((selector & LOCAL) == 0 && offset + ENTRY - 1 > gdtr.limit()) {
            return Finding.of(
                    "gdt-limit",
                    "selector "
                            + Text.hex(selector)
                            + " lies beyond the GDT limit "
                            + Text.hex(gdtr.limit()),
                    "");
        }
        if (descriptor(selector).isEmpty()) {
            PageWalk walk = new PageWalk(scene, cpu, address(selector));
            return Finding.of(
                    "gdt-not-mapped",
                    "GDT entry "
                            + (selector >> 3)
                            + " at "
                            + Text.hex(address(selector))
                            + " is not mapped: "
                            + walk.why(false, false, false).text(),
                    "Keep the GDT mapped in every address space.");
        }
        return null;
    }

    OptionalLong descriptor(int selector) {
        return scene.read64(cpu, address(selector));
    }

    long address(int selector) {
        long base = (selector & LOCAL) == 0 ? cpu.system.gdtr.base() : cpu.system.ldtr.base();
        return base + (selector & 0xFFF8);
    }

    private static Finding broken(int selector, String what) {
        String table = (selector & LOCAL) == 0 ? "GDT" : "LDT";
        return Finding.of(
                what.equals("not present") ? "descriptor-not-present" : "bad-descriptor",
                table + " entry " + (selector >> 3) + " " + what,
                "");
    }
}
