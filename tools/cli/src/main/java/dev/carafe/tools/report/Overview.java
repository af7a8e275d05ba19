package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import java.util.ArrayList;
import java.util.List;

/** The part that all reports share: the events of one processor, and where every one is. */
final class Overview {
    private static final int EVENTS_SHOWN = 16;

    private final Scene scene;

    Overview(Scene scene) {
        this.scene = scene;
    }

    /**
     * @param culprit whose last events are shown, or null for nobody's
     */
    List<String> lines(Cpu culprit) {
        List<String> lines = new ArrayList<>();
        ProcessorState state = new ProcessorState(scene);
        if (culprit != null) {
            lines.add(registers(culprit));
            lines.add(
                    "last rare events of CPU "
                            + culprit.index
                            + " (instructions executed before):");
            lines.addAll(new EventText(scene).last(culprit, EVENTS_SHOWN));
        }
        for (Cpu cpu : scene.cpus()) {
            lines.add(state.line(cpu));
            for (String frame : new Backtrace(scene, cpu).lines()) {
                lines.add("  " + frame);
            }
            String differences = state.differences(cpu);
            if (!differences.isEmpty()) {
                lines.add("  " + differences);
            }
        }
        Finding shared = state.sharedGsBase();
        if (shared != null) {
            lines.add(shared.text());
        }
        return lines;
    }

    private static String registers(Cpu cpu) {
        return "CPU %d: CR0 %s CR2 %s CR3 %s CR4 %s EFER %s IDTR %s+%s GDTR %s+%s TR %s"
                .formatted(
                        cpu.index,
                        Text.hex(cpu.control.cr0()),
                        Text.hex(cpu.control.cr2()),
                        Text.hex(cpu.control.cr3()),
                        Text.hex(cpu.control.cr4()),
                        Text.hex(cpu.control.efer()),
                        Text.hex(cpu.system.idtr.base()),
                        Text.hex(cpu.system.idtr.limit()),
                        Text.hex(cpu.system.gdtr.base()),
                        Text.hex(cpu.system.gdtr.limit()),
                        Text.hex(cpu.system.tr.selector()));
    }
}
