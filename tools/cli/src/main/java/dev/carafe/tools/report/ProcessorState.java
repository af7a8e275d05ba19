package dev.carafe.tools.report;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.cpu.Segments;
import java.util.ArrayList;
import java.util.List;

/** Where the processors are, and in what their set-up differs. */
final class ProcessorState {
    private static final long GS_BASE = 0xC000_0101L;

    /** A bit of a control register. */
    private record Bit(String name, long mask) {}

    private static final List<Bit> CR0 =
            List.of(
                    new Bit("WP", ControlBits.CR0_WP),
                    new Bit("MP", ControlBits.CR0_MP),
                    new Bit("EM", ControlBits.CR0_EM),
                    new Bit("NE", ControlBits.CR0_NE),
                    new Bit("CD", ControlBits.CR0_CD),
                    new Bit("NW", ControlBits.CR0_NW),
                    new Bit("AM", ControlBits.CR0_AM));

    private static final List<Bit> CR4 =
            List.of(
                    new Bit("PGE", ControlBits.CR4_PGE),
                    new Bit("OSFXSR", ControlBits.CR4_OSFXSR),
                    new Bit("OSXMMEXCPT", ControlBits.CR4_OSXMMEXCPT),
                    new Bit("OSXSAVE", ControlBits.CR4_OSXSAVE),
                    new Bit("FSGSBASE", ControlBits.CR4_FSGSBASE),
                    new Bit("PCIDE", ControlBits.CR4_PCIDE),
                    new Bit("SMEP", ControlBits.CR4_SMEP),
                    new Bit("SMAP", ControlBits.CR4_SMAP),
                    new Bit("UMIP", ControlBits.CR4_UMIP),
                    new Bit("LA57", ControlBits.CR4_LA57),
                    new Bit("PKE", ControlBits.CR4_PKE));

    private static final List<Bit> EFER =
            List.of(new Bit("SCE", ControlBits.EFER_SCE), new Bit("NXE", ControlBits.EFER_NXE));

    private final Scene scene;

    ProcessorState(Scene scene) {
        this.scene = scene;
    }

    /** {@code CPU 2 (AP): halted, IF=0, at idle+0x4 (sched.c:12), 81,204,117 instructions}. */
    String line(Cpu cpu) {
        String what =
                switch (cpu.activity) {
                    case RUNNING -> "running";
                    case HALTED -> "halted";
                    case WAIT_FOR_SIPI -> "waits for SIPI";
                    case PARKED -> "parked by the boot loader";
                    case SHUTDOWN -> "in shutdown";
                };
        StringBuilder out = new StringBuilder(Scene.name(cpu)).append(": ").append(what);
        if (cpu.activity != Activity.WAIT_FOR_SIPI && cpu.activity != Activity.PARKED) {
            out.append(", IF=").append(cpu.interruptsEnabled() ? 1 : 0);
            out.append(", CPL ").append(cpu.cpl);
            out.append(", at ").append(scene.place(cpu.rip));
            out.append(", ").append(Text.count(cpu.executedBase)).append(" instructions");
        }
        return out.toString();
    }

    /** What a processor's set-up has otherwise than the boot processor's; empty when nothing. */
    String differences(Cpu cpu) {
        Cpu boot = scene.cpus().getFirst();
        boolean comparable =
                cpu != boot && cpu.control.longMode() && boot.control.longMode() && started(cpu);
        if (!comparable) {
            return "";
        }
        List<String> found = new ArrayList<>();
        bits("CR0", CR0, cpu.control.cr0(), boot.control.cr0(), found);
        bits("CR4", CR4, cpu.control.cr4(), boot.control.cr4(), found);
        bits("EFER", EFER, cpu.control.efer(), boot.control.efer(), found);
        value("XCR0", cpu.system.xcr0, boot.system.xcr0, found);
        value("IA32_PAT", cpu.system.pat, boot.system.pat, found);
        value("LSTAR", cpu.system.lstar, boot.system.lstar, found);
        value("IDTR base", cpu.system.idtr.base(), boot.system.idtr.base(), found);
        value("IDTR limit", cpu.system.idtr.limit(), boot.system.idtr.limit(), found);
        value("MTRR default type", cpu.system.mtrrDefaultType, boot.system.mtrrDefaultType, found);
        return found.isEmpty()
                ? ""
                : "CPU " + cpu.index + " differs from CPU 0: " + String.join(", ", found);
    }

    private static void bits(
            String register, List<Bit> bits, long mine, long boots, List<String> found) {
        for (Bit bit : bits) {
            if (((mine ^ boots) & bit.mask()) != 0) {
                int value = (mine & bit.mask()) != 0 ? 1 : 0;
                found.add("%s.%s=%d (%d)".formatted(register, bit.name(), value, 1 - value));
            }
        }
    }

    private static void value(String name, long mine, long boots, List<String> found) {
        if (mine != boots) {
            found.add("%s=%s (%s)".formatted(name, Text.hex(mine), Text.hex(boots)));
        }
    }

    static boolean started(Cpu cpu) {
        return cpu.activity != Activity.WAIT_FOR_SIPI && cpu.activity != Activity.PARKED;
    }

    /** Says so when two processors have the same per-CPU data; null otherwise. */
    Finding sharedGsBase() {
        List<Cpu> running =
                scene.cpus().stream()
                        .filter(cpu -> started(cpu) && cpu.control.longMode())
                        .toList();
        for (Cpu cpu : running) {
            for (Cpu other : running) {
                long base = kernelBase(cpu);
                if (other.index < cpu.index && base != 0 && base == kernelBase(other)) {
                    return shared(cpu, other, base);
                }
            }
        }
        return null;
    }

    private Finding shared(Cpu cpu, Cpu other, long base) {
        String written = "";
        for (Event event : cpu.rare.events()) {
            if (event.kind() == RareEvents.Kind.MSR && event.detail() == GS_BASE) {
                written =
                        " wrmsr GS_BASE was last executed on CPU "
                                + cpu.index
                                + " at "
                                + scene.place(event.rip())
                                + ".";
            }
        }
        return Finding.of(
                "shared-gs-base",
                "CPU %d uses the same GS base as CPU %d (%s): per-CPU data is shared.%s"
                        .formatted(cpu.index, other.index, Text.hex(base), written),
                "");
    }

    /** The base that kernel code uses, wherever SWAPGS has it now. */
    private static long kernelBase(Cpu cpu) {
        return cpu.cpl == 0 ? cpu.segments.base(Segments.GS) : cpu.system.kernelGsBase;
    }
}
