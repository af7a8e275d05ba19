package dev.carafe.tools.trace;

import static dev.carafe.tools.trace.TracedProcessor.hex;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.tools.symbols.Symbolizer;
import java.util.List;

/**
 * The log item {@code mmu}: what changes how addresses are translated, and page faults. Used by one
 * processor's thread.
 */
final class MappingChanges {
    private final Symbolizer symbols;
    private boolean watching;
    private long rip;
    private long cr0;
    private long cr3;
    private long cr4;
    private long efer;
    private long events;

    MappingChanges(Symbolizer symbols) {
        this.symbols = symbols;
    }

    void before(Cpu cpu) {
        watching = TraceLog.MMU.isInfoEnabled();
        if (watching) {
            rip = cpu.rip;
            cr0 = cpu.control.cr0();
            cr3 = cpu.control.cr3();
            cr4 = cpu.control.cr4();
            efer = cpu.control.efer();
            events = cpu.rare.count();
        }
    }

    void after(Cpu cpu) {
        if (!watching) {
            return;
        }
        changed("CR0", cr0, cpu.control.cr0());
        changed("CR3", cr3, cpu.control.cr3());
        changed("CR4", cr4, cpu.control.cr4());
        changed("EFER", efer, cpu.control.efer());
        if (cpu.rare.count() != events) {
            faults(cpu);
        }
    }

    private void changed(String register, long before, long now) {
        if (before != now) {
            TraceLog.MMU.info(
                    "{} 0x{} -> 0x{} at {}",
                    register,
                    hex(before, 16),
                    hex(now, 16),
                    symbols.describeShort(rip));
        }
    }

    private void faults(Cpu cpu) {
        List<RareEvents.Event> recent = cpu.rare.events();
        int fresh = (int) Math.min(cpu.rare.count() - events, recent.size());
        for (RareEvents.Event event : recent.subList(recent.size() - fresh, recent.size())) {
            int vector = (int) event.detail() & 0xFF;
            if (event.kind() == RareEvents.Kind.EXCEPTION && vector == ExceptionVector.PAGE_FAULT) {
                TraceLog.MMU.info(
                        "#PF error={} address=0x{} at {}",
                        hex(event.detail() >>> 8, 4),
                        hex(event.value(), 16),
                        symbols.describeShort(event.rip()));
            }
        }
    }
}
