package dev.carafe.tools.monitor;

import static dev.carafe.tools.monitor.PagingText.hex;

import dev.carafe.devices.apic.IoApic;
import dev.carafe.devices.pic.Pic8259Pair;
import dev.carafe.devices.pic.Pic8259State;
import java.util.StringJoiner;

/** {@code info pic} and {@code info ioapic}. */
final class PicText {
    private static final int VERSION = 0x20;
    private static final String[] MODES = {
        "fixed", "lowest", "SMI", "...", "NMI", "INIT", "...", "extINT"
    };

    private PicText() {}

    static String ioApic(IoApic ioApic) {
        IoApic.State state = ioApic.save();
        StringBuilder out = new StringBuilder();
        out.append("ioapic0: ver=0x").append(hex(VERSION, 2));
        out.append(" id=0x").append(hex(state.id() >>> 24 & 0xF, 2));
        out.append(" sel=0x").append(hex(state.select(), 2)).append('\n');
        for (int pin = 0; pin < IoApic.PINS; pin++) {
            long waiting = (state.remoteIrr() >>> pin & 1L) << 14;
            out.append(pin(pin, state.table().get(pin) | waiting));
        }
        out.append("  IRR      ").append(bits(state.lines())).append('\n');
        out.append("  Remote IRR ").append(bits(state.remoteIrr())).append('\n');
        return out.toString();
    }

    private static String pin(int pin, long entry) {
        return "  pin %-2d 0x%016x dest=%x vec=%-3d %s %-5s %-6s %-6s %s\n"
                .formatted(
                        pin,
                        entry,
                        entry >>> 56,
                        entry & 0xFF,
                        (entry & 1 << 13) != 0 ? "active-lo" : "active-hi",
                        (entry & 1 << 15) != 0 ? "level" : "edge",
                        (entry & 1 << 16) != 0 ? "masked" : "",
                        MODES[(int) (entry >>> 8) & 7],
                        (entry & 1 << 11) != 0 ? "logical" : "physical");
    }

    private static String bits(int bits) {
        StringJoiner numbers = new StringJoiner(" ");
        numbers.setEmptyValue("(none)");
        for (int i = 0; i < IoApic.PINS; i++) {
            if ((bits >>> i & 1) != 0) {
                numbers.add(Integer.toString(i));
            }
        }
        return numbers.toString();
    }

    static String pair(Pic8259Pair pair) {
        Pic8259Pair.State state = pair.save();
        return chip(1, state.slave()) + chip(0, state.master());
    }

    private static String chip(int number, Pic8259State chip) {
        int level = (chip.icw1() & 8) != 0 ? 0xFF : chip.elcr();
        int irr = chip.lines() & level | chip.edges() & ~level;
        return "pic%d: irr=%02x imr=%02x isr=%02x hprio=%d irq_base=%02x rr_sel=%d elcr=%02x fnm=%d\n"
                .formatted(
                        number,
                        irr,
                        chip.imr(),
                        chip.isr(),
                        chip.highest(),
                        chip.base(),
                        chip.readIsr() ? 1 : 0,
                        chip.elcr(),
                        chip.icw4() >>> 4 & 1);
    }
}
