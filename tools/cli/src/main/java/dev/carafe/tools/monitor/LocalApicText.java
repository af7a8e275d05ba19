package dev.carafe.tools.monitor;

import static dev.carafe.tools.monitor.PagingText.hex;

import dev.carafe.devices.apic.LocalApic;
import java.util.List;

/** {@code info lapic}. */
final class LocalApicText {
    private static final int APR = 0x90;
    private static final int PPR = 0xA0;
    private static final int CURRENT_COUNT = 0x390;
    private static final int[] ENTRIES = {3, 4, 2, 5, 1, 0};
    private static final String[] NAMES = {"LVT0", "LVT1", "LVTPC", "LVTERR", "LVTTHMR", "LVTT"};
    private static final String[] MODES = {
        "Fixed", "LowPri", "SMI", "...", "NMI", "INIT", "...", "ExtINT"
    };
    private static final String[] SHORTHANDS = {"no-shorthand", "self", "all-self", "all"};
    private static final int TIMER = 0;
    private static final int NMI = 4;
    private static final int FIXED = 0;
    private static final int LOWEST_PRIORITY = 1;
    private static final int EXT_INT = 7;

    private final StringBuilder out = new StringBuilder();

    private LocalApicText() {}

    static String of(int cpu, LocalApic apic) {
        LocalApicText text = new LocalApicText();
        text.write(cpu, apic, apic.save());
        return text.out.toString();
    }

    private void write(int cpu, LocalApic apic, LocalApic.State state) {
        out.append("dumping local APIC state for CPU ").append(cpu).append(" \n\n");
        for (int i = 0; i < ENTRIES.length; i++) {
            localVector(NAMES[i], state.lvt().get(ENTRIES[i]), ENTRIES[i] == TIMER);
        }
        timer(apic, state);
        out.append("SPIV\t 0x").append(hex(state.svr(), 8));
        out.append(" APIC ").append((state.svr() & 1 << 8) != 0 ? "enabled" : "disabled");
        out.append(", focus=").append((state.svr() & 1 << 9) != 0 ? "on" : "off");
        out.append(", spurious vec ").append(state.svr() & 0xFF).append('\n');
        command(state);
        out.append("ESR\t 0x").append(hex(state.esr(), 8)).append('\n');
        vectors("ISR", state.isr(), state.tmr());
        vectors("IRR", state.irr(), state.tmr());
        out.append("\nAPR 0x").append(hex(apic.read(APR, 4), 2));
        out.append(" TPR 0x").append(hex(state.taskPriority(), 2));
        out.append(" DFR 0x").append(hex(state.dfr() >>> 28, 2));
        out.append(" LDR 0x").append(hex(state.ldr() >>> 24, 2));
        out.append(" PPR 0x").append(hex(apic.read(PPR, 4), 2)).append('\n');
    }

    private void localVector(String name, int entry, boolean timer) {
        int mode = timer ? FIXED : entry >>> 8 & 7;
        String period =
                switch (entry >>> 17 & 3) {
                    case 0 -> "one-shot";
                    case 1 -> "periodic";
                    default -> "tsc-deadline";
                };
        out.append(
                "%s\t 0x%08x %s %-5s %-6s %-7s %-12s %-6s"
                        .formatted(
                                name,
                                entry,
                                (entry & 1 << 13) != 0 ? "active-lo" : "active-hi",
                                (entry & 1 << 15) != 0 ? "level" : "edge",
                                (entry & 1 << 16) != 0 ? "masked" : "",
                                (entry & 1 << 12) != 0 ? "pending" : "",
                                timer ? period : "",
                                MODES[mode]));
        boolean vector = mode == FIXED || mode == LOWEST_PRIORITY || mode == EXT_INT;
        out.append(vector ? " (vec " + (entry & 0xFF) + ")\n" : "\n");
    }

    private void timer(LocalApic apic, LocalApic.State state) {
        int configuration = state.timer().divideConfiguration();
        int code = configuration & 3 | configuration >>> 1 & 4;
        out.append("Timer\t DCR=0x").append(Integer.toHexString(configuration));
        out.append(" (divide by ").append(code == 7 ? 1 : 2 << code);
        out.append(") initial_count = ")
                .append(Integer.toUnsignedString(state.timer().initialCount()));
        out.append(" current_count = ").append(apic.read(CURRENT_COUNT, 4)).append('\n');
        if (state.timer().tscDeadline() != 0) {
            out.append("TSC-DL\t 0x").append(hex(state.timer().tscDeadline(), 16)).append('\n');
        }
    }

    private void command(LocalApic.State state) {
        int low = (int) state.icr();
        int high = (int) (state.icr() >>> 32);
        boolean logical = (low & 1 << 11) != 0;
        int shorthand = low >>> 18 & 3;
        boolean x2apic = (state.base() & 1 << 10) != 0;
        out.append("ICR\t 0x").append(hex(Integer.toUnsignedLong(low), 8)).append(' ');
        out.append(logical ? "logical " : "physical ");
        out.append((low & 1 << 15) != 0 ? "level " : "edge ");
        out.append((low & 1 << 14) != 0 ? "assert " : "de-assert ");
        out.append(SHORTHANDS[shorthand]).append('\n');
        out.append("ICR2\t 0x").append(hex(Integer.toUnsignedLong(high), 8));
        int destination = x2apic ? high : high >>> 24;
        if (shorthand == 0) {
            String who = Integer.toUnsignedString(destination);
            out.append(logical ? " mask 0x" + hex(destination & 0xFFFF_FFFFL, 2) : " cpu " + who);
            out.append(logical ? "" : x2apic ? " (X2APIC ID)" : " (APIC ID)");
        }
        out.append('\n');
    }

    private void vectors(String name, List<Integer> bits, List<Integer> triggers) {
        out.append(name).append("\t ");
        boolean any = false;
        for (int vector = 255; vector >= 0; vector--) {
            if ((bits.get(vector >> 5) >>> (vector & 31) & 1) != 0) {
                any = true;
                boolean level = (triggers.get(vector >> 5) >>> (vector & 31) & 1) != 0;
                out.append(vector).append(level ? "(level) " : " ");
            }
        }
        out.append(any ? "\n" : "(none)\n");
    }
}
