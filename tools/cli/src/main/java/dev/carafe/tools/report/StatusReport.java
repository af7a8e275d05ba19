package dev.carafe.tools.report;

import dev.carafe.core.cpu.Cpu;
import java.util.Locale;
import java.util.Map;

/** Where all processors are when a run is ended from outside. */
public final class StatusReport {
    private final Scene scene;

    public StatusReport(Scene scene) {
        this.scene = scene;
    }

    /**
     * While the machine stands still.
     *
     * @param kind of the report
     * @param why the run ends
     */
    public Report of(String kind, String why) {
        StringBuilder headline = new StringBuilder(kind.toUpperCase(Locale.ROOT));
        headline.append(" after ").append(Text.count(scene.machine().executed()));
        headline.append(" instructions (").append(why).append(").");
        for (Cpu cpu : scene.cpus()) {
            headline.append(" CPU ").append(cpu.index);
            headline.append(
                    switch (cpu.activity) {
                        case RUNNING -> " at " + scene.symbols().describeShort(cpu.rip);
                        case HALTED -> " halted at " + scene.symbols().describeShort(cpu.rip);
                        case WAIT_FOR_SIPI -> " waits for SIPI";
                        case PARKED -> " parked";
                        case SHUTDOWN -> " in shutdown";
                    });
            if (ProcessorState.started(cpu)) {
                headline.append(cpu.interruptsEnabled() ? "" : " with IF=0");
            }
            headline.append(cpu.index == scene.cpus().size() - 1 ? '.' : ';');
        }
        return new Report(
                kind,
                kind,
                Report.NOBODY,
                headline.toString(),
                new Overview(scene).lines(null),
                Map.of());
    }
}
